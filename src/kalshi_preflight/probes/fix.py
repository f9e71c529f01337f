"""FIX: is a logon accepted, is the session alive, does it end cleanly?

Only if it was asked for and with a key of its own; without that, nothing is sent. Of
the messages only Logon, TestRequest, Heartbeat and Logout are ever sent: the session
level, which changes nothing at the exchange. The logon carries neither SenderSubID
(50), which is refused, nor CancelOrdersOnDisconnect (8013), which would cancel orders.
"""

import asyncio
import time
from typing import TYPE_CHECKING

from kalshi_preflight.model.fix_sessions import session_named
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo

if TYPE_CHECKING:
    from kalshi_preflight.probes.fix_session import FixSession

#: How long our Logout may stay unanswered once all else has been proved.
_LOGOUT_SECONDS = 1.0
_HEARTBEAT_SECONDS = "30"
#: The option, and the variables of a key that nothing else uses.
_NEEDS = ("--fix-logon", "KALSHI_FIX_API_KEY_ID", "KALSHI_FIX_PRIVATE_KEY_PATH")


async def probe(line: Line, notes: Notes) -> None:
    """Log on, ask for a sign of life, log out; each answered before the next.

    Notes ``target_comp_id``, ``logon_needs`` (what a logon takes, where none is tried)
    or ``key_id`` (last four characters), ``algorithm``, ``signature_verifies``,
    ``awaiting`` (the one of our messages whose answer was waited for last),
    ``logon_ms``, ``heartbeat_ms``, ``logout`` (``{"elapsed_ms"}`` or ``{"failure"}``)
    and what :class:`.fix_session.FixSession` notes of incoming messages. Times run from
    the last byte sent to the answer.
    """
    notes["target_comp_id"] = line.endpoint.target_comp_id
    signer = line.identity.signer
    if signer is None:
        notes["logon_needs"] = list(_NEEDS)
        raise NothingToDo(_why_not(line))
    if line.tls is None:
        raise NothingToDo("no connection")
    from kalshi_preflight.probes.fix_session import FixSession

    notes["key_id"] = signer.key_id.last_four()
    notes["algorithm"] = signer.algorithm
    session = FixSession(line.tls, signer, line.endpoint.target_comp_id, notes)
    try:
        await _log_on(session, notes)
        if session.logged_on and await _is_alive(session, notes):
            await _log_out(session, notes)
    finally:
        await session.leave()


def _why_not(line: Line) -> str:
    """Why no logon is tried: in few words, since every question shows them."""
    if line.identity.problem is not None:
        return "not tried: this key is not used"
    asked = line.environment.fix_logon
    if asked is None:
        return "not tried: no --fix-logon"
    # The last name is the one that stands for all environments where that is allowed.
    return f"not tried: no {asked.credentials.names_tried[-1]}"


async def _log_on(session: "FixSession", notes: Notes) -> None:
    """The fields that the documentation requires (docs.kalshi.com, fix/authentication).

    ResetSeqNumFlag (141) goes only to sessions that demand it.
    """
    kind = session_named(session.target_comp_id)
    reset = ((141, "Y"),) if kind is not None and kind.demands_reset else ()
    notes["awaiting"] = "Logon"
    await session.send_logon((98, "0"), (108, _HEARTBEAT_SECONDS), *reset, (1137, "9"))
    started = time.perf_counter()  # signing is no part of the exchange's latency
    if await session.answered("A"):
        session.logged_on = True
        notes["logon_ms"] = _ms_since(started)


async def _is_alive(session: "FixSession", notes: Notes) -> bool:
    """A Heartbeat with our own TestReqID: only a peer that reads can send that."""
    test_id = f"preflight-{time.time_ns()}"
    notes["awaiting"] = "TestRequest"
    await session.send("1", (112, test_id))
    started = time.perf_counter()
    if not await session.answered("0", (112, test_id)):
        return False
    notes["heartbeat_ms"] = _ms_since(started)
    return True


async def _log_out(session: "FixSession", notes: Notes) -> None:
    """Logout, answered by Logout; that it is not is worth knowing, and no more."""
    started = time.perf_counter()
    notes["awaiting"] = "Logout"
    try:
        async with asyncio.timeout(_LOGOUT_SECONDS):
            await session.send_logout()
            answered = await session.answered("5")
    except Exception as error:  # noqa: BLE001  # the session itself was proved before
        notes["logout"] = {"failure": failure_of(error, "logout").kind}
        return
    notes["logout"] = (
        {"elapsed_ms": _ms_since(started)} if answered else {"failure": "refused"}
    )


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
