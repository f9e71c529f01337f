"""Outdated versions of TLS, and what outdated boxes leave out."""

import ssl
import warnings
from collections.abc import Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

#: ServerHello (RFC 5246 §7.4.1.3): session id empty, ECDHE-RSA-AES128-GCM-SHA256, no
#: compression, no extensions: above all no renegotiation_info (RFC 5746).
_HELLO = bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00"


def _only(version: ssl.TLSVersion) -> Callable[[Hooks], None]:
    def adjust(context: ssl.SSLContext) -> None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():  # outdated: that is the point
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version

    def apply(hooks: Hooks) -> None:
        hooks.web.contexts.append(adjust)

    return apply


def _answers_hello(version: bytes) -> Callable[[Hooks], None]:
    hello = version + _HELLO
    message = b"\x02" + len(hello).to_bytes(3, "big") + hello
    record = b"\x16" + version + len(message).to_bytes(2, "big") + message

    async def answer(stream: Stream, _: bytes) -> bool:
        await stream.send_raw(record)
        await stream.drain()
        return True

    def apply(hooks: Hooks) -> None:
        hooks.web.hellos.append(answer)

    return apply


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "tls-version-unsupported", apply)


FAULTS = (
    _fault("tls-1-0-only", "The server speaks TLS 1.0.", _only(ssl.TLSVersion.TLSv1)),
    _fault("tls-1-1-only", "The server speaks TLS 1.1.", _only(ssl.TLSVersion.TLSv1_1)),
    _fault(
        "tls-old-hello",
        "The server does not refuse: it just answers in TLS 1.0.",
        _answers_hello(b"\x03\x01"),
    ),
    _fault(
        "tls-unsafe-renegotiation",
        "The server's TLS 1.2 is from before RFC 5746.",
        _answers_hello(b"\x03\x03"),
    ),
)
