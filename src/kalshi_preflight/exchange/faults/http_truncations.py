"""Less comes than was announced, or it does not unpack."""

import gzip

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import (
    Change,
    Then,
    body_of,
    head_of,
    is_status,
    sending,
)

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_STATUS = b'{"exchange_active":true,"trading_active":true}'
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_PACKED = gzip.compress(_STATUS)


def _gzip(body: bytes) -> bytes:
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    return _HEAD + b"Content-Encoding: gzip\r\n" + length + body


def _cut_body(wire: bytes) -> bytes:
    return head_of(wire) + body_of(wire)[:46]


def _fault(
    name: str,
    sentence: str,
    change: Change,
    then: Then = Then.CLOSE,
    cause: str = "http-truncated",
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.sends.append(sending(is_status, change, then))

    return Fault(name, "http", sentence, cause, apply)


FAULTS = (
    _fault("http-cut-length", "The body is shorter than Content-Length.", _cut_body),
    _fault(
        "http-cut-without-notify",
        "TCP ends inside the body, without a word of TLS.",
        _cut_body,
        Then.CUT,
    ),
    # RST inside the body is "fewer bytes than announced" here, and not the closed
    # connection that stands for an end before or in the head.
    _fault("http-cut-reset", "RST inside the body.", _cut_body, Then.RESET),
    _fault(
        "http-chunk-size",
        "A chunk's size is no number.",
        lambda _: _CHUNKED + b"ZZ\r\n" + _STATUS + b"\r\n0\r\n\r\n",
    ),
    _fault(
        "http-chunk-cut",
        "The connection ends inside a chunk.",
        lambda _: _CHUNKED + b"2e\r\n" + _STATUS[:20],
    ),
    _fault(
        "http-chunk-last",
        "The last chunk is missing.",
        lambda _: _CHUNKED + b"2e\r\n" + _STATUS + b"\r\n",
    ),
    _fault(
        "http-gzip-damaged",
        "A byte of the compressed body is changed.",
        lambda _: _gzip(_PACKED[:-8] + bytes([_PACKED[-8] ^ 1]) + _PACKED[-7:]),
    ),
    _fault(
        "http-gzip-not",
        "A box has unpacked the body and left the header.",
        lambda _: _gzip(_STATUS),
    ),
    # The HTTP library takes a cut stream for a whole one; we ask the decompressor.
    _fault(
        "http-gzip-cut",
        "The compressed body ends early.",
        lambda _: _gzip(_PACKED[:40]),
    ),
    _fault(
        "http-length-short",
        "Content-Length is smaller than the body.",
        lambda _: _HEAD + b"Content-Length: 20\r\n\r\n" + _STATUS,
        cause="http-malformed-json",
    ),
    _fault(
        "http-cut-unannounced",
        "A body without a length ends early.",
        lambda _: _HEAD + b"Connection: close\r\n\r\n" + _STATUS[:25],
        cause="http-malformed-json",
    ),
)
