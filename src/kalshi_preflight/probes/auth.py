"""Auth: are these credentials accepted, and is a damaged signature refused?"""

import time
from collections.abc import Mapping

from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo

BALANCE_PATH = "/portfolio/balance"


async def probe(line: Line, notes: Notes) -> None:
    """GET ``/portfolio/balance`` signed, then once more with a damaged signature.

    The offline checks came first: with a key problem nothing is sent. Notes
    ``algorithm``, ``key_id`` (last four characters), the answer as ``balance`` and the
    control as ``damaged``; no amount of money is kept. The clock's facts are those of
    the HTTP step.
    """
    from kalshi_preflight.signing.rest import damaged, headers, verifies

    notes.update(line.clock)
    signer = line.identity.signer
    if signer is None:
        raise NothingToDo("no usable credentials")
    notes["algorithm"] = signer.algorithm
    notes["key_id"] = signer.key_id.last_four()
    path = line.endpoint.path + BALANCE_PATH
    signed = headers(signer, "GET", path, timestamp_ms=_now_ms())
    notes["signature_verifies"] = verifies(signer, "GET", path, signed)
    notes["balance"] = await _answer(line, signed)
    signed = headers(signer, "GET", path, timestamp_ms=_now_ms())
    try:
        notes["damaged"] = await _answer(line, damaged(signed))
    except Exception as error:  # noqa: BLE001  # the control failed, not the journey
        notes["damaged"] = {"failure": failure_of(error, "request").kind}


async def _answer(line: Line, headers: Mapping[str, str]) -> Notes:
    if line.client is None:
        raise NothingToDo("no connection")
    answer: Notes = {}
    await line.client.get(BALANCE_PATH, answer, headers)
    accepted = isinstance(answer.get("json"), dict) and answer["status"] == 200
    if accepted:
        # Whose money it is and how much is nobody's business but the owner's.
        answer["fields"] = sorted(answer.pop("json"))
        del answer["body"]
    return answer


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
