"""The chains of the control hosts: does the same stranger vouch for everybody?

Nothing is sent to them but the handshake itself.
"""

import asyncio

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.chain import chain_facts, look
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.wire import TcpWire

_PATIENCE_SECONDS = 2.0


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``controls``: ``{"host", "chain", "path"}`` or ``{"host", "failure"}``."""
    hosts = line.environment.controls.hosts
    return {"controls": await asyncio.gather(*map(_chain_of, hosts))}


async def _chain_of(host: HostPort) -> Notes:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            wire = await look(await TcpWire.connect(host), host.host)
            try:
                return {"host": str(host), **chain_facts(wire)}
            finally:
                wire.close()
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        return {"host": str(host), "failure": failure_of(error, "handshake").kind}
