"""Looking at a chain of certificates: in a handshake that verifies nothing.

Nothing is sent over such a connection but the handshake itself, unless the caller does.
"""

import ssl
from datetime import UTC, datetime
from typing import Any

from kalshi_preflight.probes.certificate import (
    describe,
    each_legible,
    parse,
    path_of,
)
from kalshi_preflight.probes.trust import unverified_context
from kalshi_preflight.probes.wire import Carrier, TlsWire

#: A chain has three or four; finding the way up takes time that grows with the square.
_MOST_CERTIFICATES = 20


async def look(
    tcp: Carrier, server_name: str, context: ssl.SSLContext | None = None
) -> TlsWire:
    """Shake hands over ``tcp`` under a server name; the caller closes the wire.

    Without a ``context`` any chain will do.
    """
    try:
        wire = TlsWire(tcp, context or unverified_context(), server_name)
        await wire.handshake()
    except BaseException:
        tcp.close()
        raise
    return wire


def chain_facts(wire: TlsWire) -> dict[str, Any]:
    """What the peer sent: ``chain`` and ``path``.

    ``chain`` are the facts of every certificate as sent; ``path`` are the places in it
    of those that lead up from the leaf, the leaf first.
    """
    return facts_of(unverified_chain(wire.session))


def facts_of(ders: list[bytes]) -> dict[str, Any]:
    """The same of certificates at hand."""
    now = datetime.now(UTC)
    read = each_legible(
        lambda der: (der, describe(der, now=now)),
        ders[:_MOST_CERTIFICATES],
    )
    return {
        "chain": [facts for _, facts in read],
        "path": path_of([der for der, _ in read]),
    }


def unverified_chain(session: Any) -> list[bytes]:
    """The certificates as sent; public from Python 3.13 on, and before below ``_``."""
    return _chain(session, "get_unverified_chain")


def verified_chain(session: Any) -> list[bytes]:
    """The certificates up to the trust anchor, as verified."""
    return _chain(session, "get_verified_chain")


def refused_chain(session: Any) -> tuple[bytes, ...]:
    """The certificates as sent, of a handshake that refused them.

    OpenSSL keeps them; a TLS library that does not gives none.
    """
    try:
        return tuple(unverified_chain(session))
    except (AttributeError, ValueError, ssl.SSLError):
        return ()


def top_of(chain: list[bytes]) -> Any:
    """The trust anchor of a verified chain."""
    return parse(chain[-1])


def _chain(session: Any, method: str) -> list[bytes]:
    if hasattr(session, method):
        return [bytes(der) for der in getattr(session, method)()]
    der_encoding = 2  # _ssl.ENCODING_DER
    certificates = getattr(session._sslobj, method)() or ()
    return [certificate.public_bytes(der_encoding) for certificate in certificates]
