"""The body has no end that anybody could wait for."""

import gzip
import itertools
from functools import cache

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import Change, is_status, sending

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_BLOCK = b" " * 65536
_BOMB = "http-gzip-bomb"


@cache
def _packed() -> bytes:
    """Packed on use: it takes a quarter of a second."""
    return gzip.compress(b"\0" * 64 * 1024 * 1024)


def _fault(name: str, sentence: str, change: Change) -> Fault:
    def apply(hooks: Hooks) -> None:
        if name == _BOMB:
            _packed()  # now, and not while the exchange serves
        hooks.http.sends.append(sending(is_status, change))

    return Fault(name, "http", sentence, "http-body-too-large", apply)


FAULTS = (
    _fault(
        "http-flood-announced",
        "A body of 3 MiB, announced.",
        lambda _: itertools.chain(
            [_HEAD + b"Content-Length: %d\r\n\r\n" % (48 * len(_BLOCK))],
            [_BLOCK] * 48,
        ),
    ),
    _fault(
        "http-flood-chunked",
        "Chunks without end.",
        lambda _: itertools.chain(
            [_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"],
            itertools.repeat(b"%x\r\n%b\r\n" % (len(_BLOCK), _BLOCK)),
        ),
    ),
    _fault(
        "http-flood-unannounced",
        "A body without a length, and without end.",
        lambda _: itertools.chain(
            [_HEAD + b"Connection: close\r\n\r\n"], itertools.repeat(_BLOCK)
        ),
    ),
    _fault(
        _BOMB,
        "A few kilobytes that unpack to 64 MiB.",
        lambda _: (
            _HEAD
            + b"Content-Encoding: gzip\r\n"
            + b"Content-Length: %d\r\n\r\n" % len(_packed())
            + _packed()
        ),
    ),
)
