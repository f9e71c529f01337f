"""The sibling environment's public status: does it answer this machine?"""

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.http import STATUS_PATH
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.observations.sibling import climb


async def observe(line: Line, evidence: Evidence) -> Notes:
    """One unsigned GET of the status there; returns ``environment`` and ``status``."""
    environment = line.sibling
    if environment is None:
        raise NothingToDo("no sibling environment is known")
    from kalshi_preflight.probes.exchange_client import ExchangeClient

    endpoint = environment.endpoints[EndpointKind.REST]
    other = Line(environment=environment, endpoint=endpoint)
    try:
        await climb(other)
        assert other.tls is not None  # tls.probe has succeeded
        answer: Notes = {}
        await ExchangeClient(other, other.tls).get(STATUS_PATH, answer)
    finally:
        other.close()
    return {"environment": environment.name, "status": answer["status"]}
