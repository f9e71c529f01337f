"""A second resolver: does anybody else know the name?"""

import asyncio

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.resolver import ask

_PATIENCE_SECONDS = 1.5


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Ask every control resolver for the same name.

    Returns ``answers``: ``{"resolver", "rcode", "addresses"}`` or ``{"resolver",
    "failure"}`` for each.
    """
    resolvers = line.environment.controls.resolvers
    name = line.target.host
    answers = await asyncio.gather(*(_answer(resolver, name) for resolver in resolvers))
    return {"answers": answers}


async def _answer(resolver: HostPort, name: str) -> Notes:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            answer = await ask(resolver, name)
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        return {"resolver": str(resolver), "failure": failure_of(error, "query").kind}
    return {
        "resolver": str(resolver),
        "rcode": answer.rcode,
        "addresses": list(answer.addresses),
    }
