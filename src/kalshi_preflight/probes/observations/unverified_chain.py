"""A second handshake that verifies nothing, to look at the chain that failed.

Nothing is sent over it but the handshake itself: no request, no credentials.
"""

from datetime import UTC, datetime

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.certificate import stamp
from kalshi_preflight.probes.chain import chain_facts, look
from kalshi_preflight.probes.line import Line, Notes


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``chain`` and ``path`` (``probes.chain.chain_facts``) and ``our_time``."""
    wire = await look(await line.connect(), line.target.host)
    try:
        return {**chain_facts(wire), "our_time": stamp(datetime.now(UTC))}
    finally:
        wire.close()
