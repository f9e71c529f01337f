"""Foreign exceptions cross here, once, by table: exception -> :class:`Failure`.

Libraries wrap what happened in layers of their own, so the root is dug out first;
then it is judged by number and class, never by its text, which is localised and changes
from release to release. The words in the first column of every table are the closed
vocabulary of ``Failure.kind``.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Iterator

from kalshi_preflight.model.evidence import Failure

#: ``errno`` of this platform, and Winsock's number, by kind. Winsock numbers stand
#: beside the POSIX names because CPython puts them into ``errno`` unchanged (10061),
#: and the Proactor loop into ``winerror`` (1225).
_OS_ERRORS: dict[str, tuple[set[int], set[int]]] = {
    "refused": ({errno.ECONNREFUSED}, {10061, 1225}),
    "kernel-timeout": ({errno.ETIMEDOUT}, {10060, 121}),
    "host-unreachable": ({errno.EHOSTUNREACH}, {10065, 1232}),
    "network-unreachable": (
        {errno.ENETUNREACH, errno.ENETDOWN},
        {10051, 10050, 1231},
    ),
    "reset": (
        {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED},
        {10054, 10053, 64, 995, 1236, 109, 232},
    ),
    "prohibited": ({errno.EACCES, errno.EPERM}, {10013}),
    "exhausted": (
        {errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM},
        {10024, 10055, 10048, 10049},
    ),
}

#: getaddrinfo's codes: the platform's own, then Winsock's.
_GAI_ERRORS: dict[str, tuple[set[int], set[int]]] = {
    "name-not-found": ({socket.EAI_NONAME}, {11001}),
    "name-try-again": ({socket.EAI_AGAIN}, {11002}),
    "name-server-failed": ({socket.EAI_FAIL}, {11003}),
    "name-no-address": (
        {getattr(socket, "EAI_NODATA", socket.EAI_NONAME)} - {socket.EAI_NONAME},
        {11004},
    ),
}

#: OpenSSL's symbolic reasons (not its texts), by kind.
_TLS_REASONS: dict[str, str] = {
    "WRONG_VERSION_NUMBER": "not-tls",
    "HTTP_REQUEST": "not-tls",
    "PACKET_LENGTH_TOO_LONG": "not-tls",
    "RECORD_LAYER_FAILURE": "not-tls",
    "UNKNOWN_PROTOCOL": "not-tls",
    "BAD_RECORD_TYPE": "not-tls",
    "UNSUPPORTED_PROTOCOL": "tls-version",
    "UNEXPECTED_MESSAGE": "tls-protocol",
    "DECRYPTION_FAILED_OR_BAD_RECORD_MAC": "tls-protocol",
    "UNEXPECTED_EOF_WHILE_READING": "closed",
}

#: TLS alert descriptions (RFC 8446 §6.2) that have a kind of their own.
TLS_ALERTS: dict[int, str] = {
    40: "tls-no-shared-cipher",
    42: "tls-client-certificate",
    47: "tls-alert",
    70: "tls-version",
    80: "tls-alert",
    86: "tls-version",
    112: "tls-name-not-recognised",
    116: "tls-client-certificate",
}

#: The alerts as OpenSSL names them in ``SSLError.reason``.
_ALERT_REASONS: dict[str, int] = {
    "SSLV3_ALERT_HANDSHAKE_FAILURE": 40,
    "SSL/TLS_ALERT_HANDSHAKE_FAILURE": 40,
    "SSLV3_ALERT_BAD_CERTIFICATE": 42,
    "SSL/TLS_ALERT_BAD_CERTIFICATE": 42,
    "SSLV3_ALERT_ILLEGAL_PARAMETER": 47,
    "TLSV1_ALERT_PROTOCOL_VERSION": 70,
    "TLSV1_ALERT_INTERNAL_ERROR": 80,
    "TLSV1_ALERT_INAPPROPRIATE_FALLBACK": 86,
    "TLSV1_UNRECOGNIZED_NAME": 112,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": 116,
}

#: Exceptions of libraries, by qualified class name, so that this table needs none of
#: them imported. The most special class wins, as in an ``except`` clause.
_CLASSES: dict[str, str] = {
    "asyncio.exceptions.IncompleteReadError": "closed",
    "builtins.EOFError": "closed",
    "builtins.TimeoutError": "timeout",
    "builtins.UnicodeError": "illegal-name",
    "dns.exception.DNSException": "dns-malformed",
    "h11._util.ProtocolError": "protocol",
    "httpcore.ConnectionNotAvailable": "closed",
    "httpcore.ProtocolError": "protocol",
    "httpcore._exceptions.ProtocolError": "protocol",
    "httpx.DecodingError": "decoding",
    "httpx.InvalidURL": "illegal-name",
    "kalshi_preflight.probes.compression.BrokenCompression": "decoding",
    "kalshi_preflight.probes.websocket.NotAMessage": "malformed",
    "kalshi_preflight.probes.wire.TooMuch": "too-large",
    "kalshi_preflight.probes.wire.PeerClosed": "closed",
    "kalshi_preflight.probes.resolver.NoResolver": "no-resolver",
    "websockets.exceptions.InvalidHandshake": "upgrade-invalid",
    "websockets.exceptions.ProtocolError": "protocol",
    "websockets.exceptions.PayloadTooBig": "too-large",
}


def failure_of(error: BaseException, operation: str) -> Failure:
    """Translate ``error``, which ended ``operation``; every exception has a kind."""
    chain = tuple(_chain(error))
    root = next((e for e in reversed(chain) if _kind(e)), chain[-1])
    return Failure(
        operation=operation,
        kind=_kind(root) or "unexpected",
        code=_code(root),
        text=str(root)[:500],
        chain=tuple(_name(type(e)) for e in chain),
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """From the outermost exception down to the root, each once."""
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        yield here
        here = _inner(here)


def _inner(error: BaseException) -> BaseException | None:
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    if isinstance(error, asyncio.CancelledError):
        return None  # our own timer; what was under way tells nothing
    if error.__cause__ is not None:
        return error.__cause__
    # httpcore raises "from None" but keeps the original as its argument.
    if error.args and isinstance(error.args[0], BaseException):
        return error.args[0]
    # What was merely being handled at the time explains only what explains nothing.
    return error.__context__ if _kind(error) is None else None


def _kind(error: BaseException) -> str | None:
    if isinstance(error, ssl.SSLError):
        return _tls_kind(error)
    if isinstance(error, socket.gaierror):
        return _by_number(_GAI_ERRORS, error) or "name-server-failed"
    if isinstance(error, OSError) and (kind := _by_number(_OS_ERRORS, error)):
        return kind
    return next(
        (_CLASSES[n] for n in map(_name, type(error).__mro__) if n in _CLASSES), None
    )


def _tls_kind(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return "closed"
    reason = getattr(error, "reason", None) or ""
    if reason in _ALERT_REASONS:
        return TLS_ALERTS[_ALERT_REASONS[reason]]
    return _TLS_REASONS.get(
        reason, "tls-alert" if "ALERT" in reason else "tls-protocol"
    )


def _by_number(
    table: dict[str, tuple[set[int], set[int]]], error: OSError
) -> str | None:
    winerror = getattr(error, "winerror", None)
    for kind, (native, winsock) in table.items():
        if winerror in winsock or error.errno in native:
            return kind
        # Without ``winerror`` only the unmistakable Winsock range is trusted: 64 and
        # 121 are other things on POSIX systems.
        if error.errno is not None and error.errno > 10000 and error.errno in winsock:
            return kind
    return None


def _code(error: BaseException) -> int | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_code
    if isinstance(error, ssl.SSLError):
        return _ALERT_REASONS.get(getattr(error, "reason", None) or "")
    if isinstance(error, OSError):
        return getattr(error, "winerror", None) or error.errno
    return None


def _name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
