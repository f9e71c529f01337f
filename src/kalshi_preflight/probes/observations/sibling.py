"""The same key at the sibling environment: is it simply for the other one?"""

import time

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes import dns, tcp, tls
from kalshi_preflight.probes.auth import BALANCE_PATH
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.signing.rest import headers


async def observe(line: Line, evidence: Evidence) -> Notes:
    """One signed GET of the balance there; returns ``environment`` and ``status``."""
    signer, environment = line.identity.signer, line.sibling
    if environment is None or signer is None:
        raise NothingToDo("no sibling environment is known")
    from kalshi_preflight.probes.exchange_client import ExchangeClient

    endpoint = environment.endpoints[EndpointKind.REST]
    other = Line(environment=environment, endpoint=endpoint, identity=line.identity)
    try:
        await climb(other)
        assert other.tls is not None  # tls.probe has succeeded
        path = endpoint.path + BALANCE_PATH
        signed = headers(signer, "GET", path, timestamp_ms=time.time_ns() // 1_000_000)
        answer: Notes = {}
        await ExchangeClient(other, other.tls).get(BALANCE_PATH, answer, signed)
    finally:
        other.close()
    return {"environment": environment.name, "status": answer["status"]}


async def climb(line: Line) -> None:
    """Take the lower layers as the journey would."""
    for probe in (dns.probe, tcp.probe, tls.probe):
        try:
            await probe(line, {})
        except NothingToDo:
            if not line.addresses:
                raise
