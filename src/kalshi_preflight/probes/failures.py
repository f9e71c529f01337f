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
    # A route of type "blackhole" answers so, of all things.
    "route-rejects": ({errno.EINVAL}, set()),
    "protocol-unreachable": ({errno.ENOPROTOOPT}, {10042}),
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

#: OpenSSL's symbolic reasons (not its texts) for what *we* refuse, by kind.
_TLS_REASONS: dict[str, str] = {
    "WRONG_VERSION_NUMBER": "not-tls",
    "HTTP_REQUEST": "not-tls",
    "PACKET_LENGTH_TOO_LONG": "not-tls",
    "RECORD_LAYER_FAILURE": "not-tls",
    "UNKNOWN_PROTOCOL": "not-tls",
    "BAD_RECORD_TYPE": "not-tls",
    "UNSUPPORTED_PROTOCOL": "tls-version",
    "UNSUPPORTED_SSL_VERSION": "tls-version",
    "WRONG_SSL_VERSION": "tls-version",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "tls-outdated",
    "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED": "tls-outdated",
    "DH_KEY_TOO_SMALL": "tls-no-shared-cipher",
    "EE_KEY_TOO_SMALL": "tls-no-shared-cipher",
    "WRONG_CIPHER_RETURNED": "tls-no-shared-cipher",
    "UNKNOWN_CIPHER_RETURNED": "tls-no-shared-cipher",
    "NO_CIPHERS_AVAILABLE": "tls-no-shared-cipher",
    "NO_PROTOCOLS_AVAILABLE": "tls-version",
    "UNEXPECTED_EOF_WHILE_READING": "closed",
}

#: The alerts (RFC 8446 §6.2) that mean the same, by kind. Alerts about certificates
#: speak of *ours* when a server sends them.
_ALERT_KINDS: dict[str, set[int]] = {
    "closed": {0, 90},
    "tls-damaged": {10, 20, 21, 22, 30, 47, 50, 51, 100, 109, 110},
    "tls-no-shared-cipher": {40, 60, 71, 120},
    "tls-client-certificate": {41, 42, 43, 44, 45, 46, 48, 49, 111, 114, 116},
    "tls-version": {70, 86},
    "tls-internal-error": {80},
    "tls-name-not-recognised": {112},
}
TLS_ALERTS: dict[int, str] = {
    number: kind for kind, numbers in _ALERT_KINDS.items() for number in numbers
}

#: The alerts as OpenSSL names them in ``SSLError.reason``; what is not here has no
#: symbol there, and is known by its number alone (see ``probes/tls.py``).
_ALERT_REASONS: dict[str, int] = {
    "SSLV3_ALERT_UNEXPECTED_MESSAGE": 10,
    "SSLV3_ALERT_BAD_RECORD_MAC": 20,
    "TLSV1_ALERT_DECRYPTION_FAILED": 21,
    "TLSV1_ALERT_RECORD_OVERFLOW": 22,
    "SSLV3_ALERT_DECOMPRESSION_FAILURE": 30,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": 40,
    "SSLV3_ALERT_NO_CERTIFICATE": 41,
    "SSLV3_ALERT_BAD_CERTIFICATE": 42,
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": 43,
    "SSLV3_ALERT_CERTIFICATE_REVOKED": 44,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": 45,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": 46,
    "SSLV3_ALERT_ILLEGAL_PARAMETER": 47,
    "TLSV1_ALERT_UNKNOWN_CA": 48,
    "TLSV1_ALERT_ACCESS_DENIED": 49,
    "TLSV1_ALERT_DECODE_ERROR": 50,
    "TLSV1_ALERT_DECRYPT_ERROR": 51,
    "TLSV1_ALERT_EXPORT_RESTRICTION": 60,
    "TLSV1_ALERT_PROTOCOL_VERSION": 70,
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": 71,
    "TLSV1_ALERT_INTERNAL_ERROR": 80,
    "TLSV1_ALERT_INAPPROPRIATE_FALLBACK": 86,
    "TLSV1_ALERT_USER_CANCELLED": 90,
    "TLSV1_ALERT_NO_RENEGOTIATION": 100,
    "TLSV13_ALERT_MISSING_EXTENSION": 109,
    "TLSV1_UNSUPPORTED_EXTENSION": 110,
    "TLSV1_CERTIFICATE_UNOBTAINABLE": 111,
    "TLSV1_UNRECOGNIZED_NAME": 112,
    "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE": 113,
    "TLSV1_BAD_CERTIFICATE_HASH_VALUE": 114,
    "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY": 115,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": 116,
    "TLSV1_ALERT_NO_APPLICATION_PROTOCOL": 120,
}

#: Exceptions of libraries, by qualified class name, so that this table needs none of
#: them imported. The most special class wins, as in an ``except`` clause.
_CLASSES: dict[str, str] = {
    "asyncio.exceptions.IncompleteReadError": "closed",
    "builtins.EOFError": "closed",
    "builtins.TimeoutError": "timeout",
    "builtins.UnicodeError": "illegal-name",
    "builtins.BrokenPipeError": "reset",
    "builtins.ConnectionAbortedError": "reset",
    "builtins.ConnectionRefusedError": "refused",
    "builtins.ConnectionResetError": "reset",
    "builtins.PermissionError": "prohibited",
    "dns.exception.DNSException": "dns-malformed",
    "dns.name.EmptyLabel": "illegal-name",
    "dns.name.IDNAException": "illegal-name",
    "dns.name.LabelTooLong": "illegal-name",
    "dns.name.NameTooLong": "illegal-name",
    "h11._util.ProtocolError": "protocol",
    "httpx.DecodingError": "decoding",
    "httpx.InvalidURL": "illegal-name",
    "kalshi_preflight.probes.trust.NoTrustStore": "no-trust-store",
    "kalshi_preflight.probes.fix_messages.Garbled": "malformed",
    "kalshi_preflight.probes.compression.BrokenCompression": "decoding",
    "kalshi_preflight.probes.websocket.NotAMessage": "malformed",
    "kalshi_preflight.probes.wire.TooMuch": "too-large",
    "kalshi_preflight.probes.wire.PeerClosed": "closed",
    "kalshi_preflight.probes.resolver.NoResolver": "no-resolver",
    "kalshi_preflight.probes.route.UnusableProxy": "unusable-proxy",
    "kalshi_preflight.probes.system_resolver.NoThread": "exhausted",
    "kalshi_preflight.probes.tunnel.TunnelRefused": "tunnel-refused",
    "kalshi_preflight.probes.resolver.NotOurs": "dns-malformed",
    "kalshi_preflight.probes.resolver.Oversized": "dns-malformed",
    "kalshi_preflight.probes.resolver.Truncated": "dns-malformed",
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
    # Some libraries raise "from None" but keep the original as the argument.
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
        return TLS_ALERTS.get(_ALERT_REASONS[reason], "tls-damaged")
    # What else OpenSSL refuses are bytes that are no TLS as it should be.
    return _TLS_REASONS.get(reason, "tls-damaged")


def _by_number(
    table: dict[str, tuple[set[int], set[int]]], error: OSError
) -> str | None:
    winerror = getattr(error, "winerror", None)
    for kind, (native, winsock) in table.items():
        if winerror in winsock:
            return kind
        # The Proactor loop sets errno to EINVAL, whatever happened.
        if winerror is None and error.errno in native:
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
