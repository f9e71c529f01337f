"""Auth: are these credentials accepted, and is a damaged signature refused?"""

import time
from collections.abc import Mapping

from kalshi_preflight.probes.http import CLOCK_FACTS
from kalshi_preflight.probes.line import Line, Notes, NothingToDo

BALANCE_PATH = "/portfolio/balance"


async def probe(line: Line, notes: Notes) -> None:
    """GET ``/portfolio/balance`` signed, then once more with a damaged signature.

    The offline checks came first: with a key problem nothing is sent. Notes
    ``algorithm``, ``key_id`` (last four characters), the answer as ``balance`` and the
    control as ``damaged`` (their codes also as ``balance_status`` and
    ``damaged_status``); no amount of money is kept. Each has ``begun_ms``: how long
    after the beginning of this probe it was asked for, since signing takes time. The
    clock's facts are those of the signed answer, or else of the HTTP step.
    """
    from kalshi_preflight.signing.rest import damaged, headers, verifies

    started = time.perf_counter()
    notes.update(line.clock)
    signer = line.identity.signer
    if signer is None:
        raise NothingToDo("no usable credentials")
    notes["algorithm"] = signer.algorithm
    notes["key_id"] = signer.key_id.last_four()
    path = line.endpoint.path + BALANCE_PATH
    signed = headers(signer, "GET", path, timestamp_ms=_now_ms())
    notes["signature_verifies"] = verifies(signer, "GET", path, signed)
    await _ask(line, signed, notes, "balance", started)
    # A signed answer comes from no cache, so its Date is the better witness.
    notes.update({n: v for n, v in notes["balance"].items() if n in CLOCK_FACTS})
    signed = headers(signer, "GET", path, timestamp_ms=_now_ms())
    await _ask(line, damaged(signed), notes, "damaged", started)


async def _ask(
    line: Line, headers: Mapping[str, str], notes: Notes, name: str, started: float
) -> None:
    """One GET of the balance; what is seen of the answer is noted under ``name``."""
    if line.client is None:
        raise NothingToDo("no connection")
    answer: Notes = {}
    notes[name] = answer
    begun_ms = round((time.perf_counter() - started) * 1000, 1)
    try:
        await line.client.get(BALANCE_PATH, answer, headers)
    finally:
        answer["begun_ms"] = begun_ms
        if "status" in answer:
            notes[f"{name}_status"] = answer["status"]
        if answer.get("status") == 200:
            _withhold_amounts(answer)


def _withhold_amounts(answer: Notes) -> None:
    """How much money it is is nobody's business but the owner's.

    Of a document only the names of its fields and their types are kept (``fields``),
    of a broken one its first character.
    """
    document = answer.pop("json", None)
    if isinstance(document, dict):
        answer["fields"] = {n: type(v).__name__ for n, v in document.items()}
    body = str(answer.get("body", "")).lstrip("\ufeff \t\r\n")
    if body.startswith(("{", "[")):
        answer["body"] = body[:1]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
