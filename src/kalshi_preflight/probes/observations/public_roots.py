"""The same handshake against the public list of roots: is it our own list that fails?

Only the trust anchors differ from the journey's own handshake. Nothing else is sent.
"""

import ssl
from pathlib import Path

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.chain import look
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.trust import anchor_facts, public_context


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``verifies``, ``verify_code`` if it does not, and ``organisations``.

    ``organisations`` are the names of those who run the public roots.
    """
    import certifi

    roots = anchor_facts(Path(certifi.where()))
    notes: Notes = {
        "verifies": True,
        "organisations": sorted({root["organisation"] for root in roots} - {""}),
    }
    try:
        wire = await look(await line.connect(), line.target.host, public_context())
    except ssl.SSLCertVerificationError as error:
        return {**notes, "verifies": False, "verify_code": error.verify_code}
    wire.close()
    return notes
