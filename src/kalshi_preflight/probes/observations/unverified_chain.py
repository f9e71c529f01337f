"""The chain that failed verification: the certificates as they were sent.

The journey's own handshake has seen them, so nobody has to be asked again: a second
connection may come too late on a busy machine, or to another server. Only where the TLS
library did not keep them, a second handshake that verifies nothing looks at them;
nothing is sent over it but the handshake itself: no request, no credentials.
"""

from datetime import UTC, datetime

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.certificate import stamp
from kalshi_preflight.probes.chain import chain_facts, facts_of, look
from kalshi_preflight.probes.line import Line, Notes


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``chain`` and ``path`` (``probes.chain.chain_facts``) and ``our_time``."""
    our_time = stamp(datetime.now(UTC))
    if line.refused:
        return {**facts_of(list(line.refused)), "our_time": our_time}
    wire = await look(await line.connect(), line.target.host, line.unverifying())
    try:
        return {**chain_facts(wire), "our_time": our_time}
    finally:
        wire.close()
