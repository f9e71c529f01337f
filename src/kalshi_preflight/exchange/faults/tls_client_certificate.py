"""The server wants a certificate of the client."""

import ssl
from collections.abc import Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _wants_one(version: ssl.TLSVersion) -> Callable[[Hooks], None]:
    def adjust(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.maximum_version = version

    def apply(hooks: Hooks) -> None:
        hooks.web.contexts.append(adjust)

    return apply


FAULTS = (
    Fault(
        "tls-client-certificate-12",
        "tls",
        "The server wants a client's certificate, and says so within TLS 1.2's"
        " handshake.",
        "tls-client-certificate-required",
        _wants_one(ssl.TLSVersion.TLSv1_2),
    ),
    Fault(
        "tls-client-certificate-13",
        "tls",
        "The server wants a client's certificate, and says so after TLS 1.3's"
        " handshake.",
        "tls-client-certificate-required",
        _wants_one(ssl.TLSVersion.TLSv1_3),
    ),
)
