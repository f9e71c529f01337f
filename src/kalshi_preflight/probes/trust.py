"""Trust anchors: one TLS context for each set of them."""

import ssl
from functools import cache
from pathlib import Path


@cache
def client_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A verifying context: the store that Python uses, and ``ca_file`` if given.

    Built once for each file (reading the system's store costs some 20 ms). ALPN offers
    ``http/1.1`` alone, because a WebSocket upgrade needs it (RFC 6455 §4.1).
    """
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    context.set_alpn_protocols(["http/1.1"])
    return context


def unverified_context() -> ssl.SSLContext:
    """A context that accepts every chain, to *look* at one: nothing is sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context
