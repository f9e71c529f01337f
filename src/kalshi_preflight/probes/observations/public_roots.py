"""The same handshake against the public list of roots: is it our own list that fails?

Only the trust anchors differ from the journey's own handshake. Nothing else is sent.
"""

import asyncio
import ssl
from pathlib import Path

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.chain import look
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.trust import anchor_facts, public_context

#: Less than an observation may take, so that what is known without it is kept.
_PATIENCE_SECONDS = 2.5


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``verifies``, ``verify_code`` if it does not, and ``organisations``.

    ``organisations`` are the names of those who run the public roots, which are known
    also where the handshake could not be tried: then ``failure`` stands for the rest.
    """
    import certifi

    roots = anchor_facts(Path(certifi.where()))
    names = sorted({root["organisation"] for root in roots} - {""})
    notes: Notes = {"organisations": names}
    context = public_context(http=not line.endpoint.kind.is_fix)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            wire = await look(await line.connect(), line.target.host, context)
    except ssl.SSLCertVerificationError as error:
        return {**notes, "verifies": False, "verify_code": error.verify_code}
    except (OSError, EOFError, ssl.SSLError) as error:
        return {**notes, "failure": failure_of(error, "handshake").kind}
    wire.close()
    return {**notes, "verifies": True}
