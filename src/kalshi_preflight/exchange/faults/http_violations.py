"""What comes is not HTTP/1.1, or breaks its rules."""

import itertools

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import Change, Then, is_status, sending

_OK = b"HTTP/1.1 200 OK\r\n"
_BODY = b'\r\n{"exchange_active":true,"trading_active":true}'
_LENGTH = b"Content-Length: 46\r\n"


def _fault(
    name: str, sentence: str, change: Change | bytes, then: Then = Then.CLOSE
) -> Fault:
    def instead(wire: bytes) -> bytes:
        assert isinstance(change, bytes)
        return change

    def apply(hooks: Hooks) -> None:
        sent = instead if isinstance(change, bytes) else change
        hooks.http.sends.append(sending(is_status, sent, then))

    return Fault(f"http-wire-{name}", "http", sentence, "http-protocol-error", apply)


FAULTS = (
    _fault("0-9", "HTTP/0.9: a body without a head.", b"<html>It works!</html>"),
    _fault("status-line", "A status line without a status.", b"HTTP/1.1 OK\r\n\r\n"),
    _fault("icy", "A streaming server's status line.", b"ICY 200 OK\r\n\r\n"),
    _fault("banner", "Another protocol's banner.", b"SSH-2.0-OpenSSH_9.2\r\n"),
    _fault("no-colon", "A header without a colon.", _OK + b"Bad Line\r\n" + _BODY),
    _fault("nul", "NUL bytes in a header.", _OK + b"X-A: a\0b\r\n" + _LENGTH + _BODY),
    _fault(
        "two-lengths",
        "Two lengths that differ.",
        _OK + _LENGTH + b"Content-Length: 500\r\n" + _BODY,
    ),
    _fault("length", "A length that is no number.", _OK + b"Content-Length: x\r\n\r\n"),
    _fault(
        "coding",
        "A transfer coding that does not exist.",
        _OK + b"Transfer-Encoding: rot13\r\n" + _BODY,
    ),
    _fault("header", "A header of 200 kB.", _OK + b"X-A: " + b"a" * 200_000 + b"\r\n"),
    _fault(
        "headers",
        "Headers without end.",
        lambda _: itertools.chain(
            [_OK], (b"X-%d: a\r\n" % number for number in itertools.count())
        ),
    ),
    _fault(
        "interim",
        "Interim answers without end.",
        lambda _: itertools.repeat(b"HTTP/1.1 102 Processing\r\n\r\n" * 64),
    ),
    _fault(
        "h2",
        "HTTP/2 frames, though HTTP/1.1 was agreed.",
        b"\0\0\x12\x04\0\0\0\0\0" + b"\0\x03\0\0\0\x80" * 3,
        Then.SILENCE,
    ),
    _fault(
        "h2-preface", "An HTTP/2 client's preface.", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    ),
    _fault(
        "status-999",
        "A status that no class has.",
        b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n",
    ),
)
