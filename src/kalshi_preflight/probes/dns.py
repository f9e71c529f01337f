"""DNS: does the name have addresses, and do resolver and system agree?"""

import asyncio
import time

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.resolver import Answer, ask_any, system_resolvers
from kalshi_preflight.probes.system_resolver import getaddrinfo

#: How long the resolver is waited for once the system has addresses: programs connect.
_PATIENCE_SECONDS = 1.0
#: How long the system may take in all once the resolver has answered. glibc asks again
#: for some fifteen seconds where one address family is never answered.
_SYSTEM_SECONDS = 3.5


async def probe(line: Line, notes: Notes) -> None:
    """Ask the resolver and, beside it, the system, for the name that TCP goes to.

    With a proxy that is the proxy's, and ``proxy`` notes it; the exchange's own name is
    the proxy's business. Notes ``name``, ``resolver``, ``rcode``,
    ``resolver_addresses``, ``resolver_ms``, ``ede``, ``alias``, ``unanswered``;
    ``system_addresses``, ``system_ms``; a failure of either as ``resolver_failure`` or
    ``system_failure``; and ``addresses``, which the journey goes on with.
    """
    note_proxy(line, notes)
    if line.route.proxy is not None and line.route.proxy.problem is not None:
        raise NothingToDo("the proxy's URL names no host")
    hop = line.hop
    if hop.is_address:
        line.addresses = (hop.host,)
        redirected = line.route.proxy is None and hop != line.target
        how = f"connect_to sends {line.target} to {hop}"
        raise NothingToDo(how if redirected else "the address is given literally")
    notes["name"] = hop.host
    await _ask_both(line, hop.host, notes)
    if addresses := _addresses(line, notes):
        notes["addresses"] = addresses
        line.addresses = tuple(addresses)


def note_proxy(line: Line, notes: Notes) -> None:
    """Note the proxy that this journey goes through, without its credentials."""
    if line.route.proxy is not None:
        notes["proxy"] = line.route.proxy.shown
        notes["proxy_setting"] = line.route.proxy.source
        notes["scheme_is_implied"] = line.route.proxy.scheme_is_implied


async def _ask_both(line: Line, name: str, notes: Notes) -> None:
    resolver = asyncio.create_task(_ask_resolver(line, name, notes))
    asked = [resolver]
    if _system_knows(line, name):
        asked.append(asyncio.create_task(_ask_system(name, notes)))
    try:
        if line.environment.resolver is not None:
            await resolver
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(asked, timeout=_patience(notes))
    finally:
        for task in asked:
            task.cancel()


def _patience(notes: Notes) -> float | None:
    """How long the slower answer is waited for, now that the quicker one is there."""
    if "system_addresses" in notes:
        return _PATIENCE_SECONDS
    return _SYSTEM_SECONDS if "resolver_addresses" in notes else None


def _system_knows(line: Line, name: str) -> bool:
    """Whether the system's answer means anything, and asking it leaves nothing behind.

    With a resolver of its own, an environment's names are none of the system's
    business; ``localhost`` never leaves the machine (RFC 6761 §6.3), so it may always
    be asked.
    """
    return line.environment.resolver is None or name == "localhost"


async def _ask_resolver(line: Line, name: str, notes: Notes) -> None:
    started = time.perf_counter()
    servers: tuple[HostPort, ...] = ()
    try:
        configured = line.environment.resolver
        servers = (configured,) if configured else system_resolvers()
        notes["resolver"] = ", ".join(map(str, servers[:3]))
        _note_answer(await ask_any(servers, name), notes)
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        notes["resolver_failure"] = _failure(error, "query")
    notes["resolver_ms"] = _ms_since(started)


def _note_answer(answer: Answer, notes: Notes) -> None:
    notes["resolver"] = str(answer.server)
    notes["rcode"] = answer.rcode
    notes["resolver_addresses"] = list(answer.addresses)
    if answer.ede:
        notes["ede"] = list(answer.ede)
        notes["ede_codes"] = list(answer.ede_codes)
    if answer.alias:
        notes["alias"] = answer.alias
    if answer.unanswered:
        notes["unanswered"] = list(answer.unanswered)


async def _ask_system(name: str, notes: Notes) -> None:
    started = time.perf_counter()
    try:
        notes["system_addresses"] = list(await getaddrinfo(name))
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        notes["system_failure"] = _failure(error, "getaddrinfo")
    notes["system_ms"] = _ms_since(started)


def _failure(error: Exception, operation: str) -> Notes:
    failure = failure_of(error, operation)
    return {"kind": failure.kind, "code": failure.code, "text": failure.text}


def _addresses(line: Line, notes: Notes) -> list[str]:
    """Where the programs of this machine would go.

    While the system is still looking up, that is where its resolver says.
    """
    direct = list(notes.get("resolver_addresses", ()))
    if line.environment.resolver is not None:
        return direct
    if "system_addresses" in notes or "system_failure" in notes:
        return list(notes.get("system_addresses", ()))
    return direct


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
