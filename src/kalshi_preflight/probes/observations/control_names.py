"""Control names at the same resolver: is it this name, or is it the resolver?"""

import asyncio

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.resolver import ask_any, system_resolvers

_PATIENCE_SECONDS = 1.5


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Ask the journey's own resolver for each control name.

    Returns ``answers``: ``{"name", "rcode", "addresses"}`` or ``{"name", "failure"}``.
    """
    names = line.environment.controls.names
    return {"answers": await asyncio.gather(*(_answer(line, name) for name in names))}


async def _answer(line: Line, name: str) -> Notes:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            answer = await ask_any(journey_resolvers(line), name)
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        return {"name": name, "failure": failure_of(error, "query").kind}
    return {"name": name, "rcode": answer.rcode, "addresses": list(answer.addresses)}


def journey_resolvers(line: Line) -> tuple[HostPort, ...]:
    """The resolvers that the journey's own question went to."""
    configured = line.environment.resolver
    return (configured,) if configured else system_resolvers()
