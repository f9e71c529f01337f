"""The recommended other hosts of the same exchange: does one of them answer?

Nothing but the public status is asked of them: no credentials are sent.
"""

import asyncio

from kalshi_preflight.model.environment import Endpoint
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes import dns, http, tcp, tls
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo

_PATIENCE_SECONDS = 2.5


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Go up to HTTP at every alternate of the journey's endpoint, side by side.

    Returns ``answers``: ``{"alternate", "status", "exchange_active"}`` or
    ``{"alternate", "failure"}`` for each.
    """
    endpoints = line.environment.alternates.get(line.endpoint.kind, ())
    return {"answers": await asyncio.gather(*(_answer(line, e) for e in endpoints))}


async def _answer(line: Line, endpoint: Endpoint) -> Notes:
    other = Line(environment=line.environment, endpoint=endpoint)
    answer: Notes = {"alternate": str(endpoint.target)}
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            status = await _status(other)
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        return {**answer, "failure": failure_of(error, "alternate").kind}
    finally:
        other.close()
    for fact in ("status", "exchange_active"):
        answer[fact] = status.get(fact)
    return answer


async def _status(line: Line) -> Notes:
    """The facts of the HTTP step, taken as the journey takes it."""
    for probe in (dns.probe, tcp.probe, tls.probe):
        try:
            await probe(line, {})
        except NothingToDo:
            if not line.addresses:
                raise
    notes: Notes = {}
    await http.probe(line, notes)
    return notes
