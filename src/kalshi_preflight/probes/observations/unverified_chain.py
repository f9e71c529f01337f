"""A second handshake that verifies nothing, to look at the chain that failed.

Nothing is sent over it but the handshake itself: no request, no credentials.
"""

from datetime import UTC, datetime
from typing import Any

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.certificate import describe
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.trust import unverified_context
from kalshi_preflight.probes.wire import TlsWire


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``chain``: the facts of each certificate sent, the leaf first."""
    tcp = await line.connect()
    try:
        wire = TlsWire(tcp, unverified_context(), line.target.host)
        await wire.handshake()
        now = datetime.now(UTC)
        return {"chain": [describe(der, now=now) for der in _chain(wire.session)]}
    finally:
        tcp.close()


def _chain(session: Any) -> list[bytes]:
    """The certificates as sent; public from Python 3.13 on, and before below ``_``."""
    if hasattr(session, "get_unverified_chain"):
        return [bytes(der) for der in session.get_unverified_chain()]
    der_encoding = 2  # _ssl.ENCODING_DER
    return [
        certificate.public_bytes(der_encoding)
        for certificate in session._sslobj.get_unverified_chain()
    ]
