"""Error classes of a log: what is looked for, and what a match first means. Data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kalshi_preflight.model.layer import Layer


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """One class: its pattern, the condition it makes, from how many matches on.

    ``layer`` is the live layer that speaks of the same thing today: broken there, it is
    that cause; well there, it is the engine's own. ``unless`` are classes that say the
    same more exactly.
    """

    name: str
    pattern: re.Pattern[str]
    condition: str
    least: int = 1
    layer: Layer | None = None
    unless: tuple[str, ...] = ()


def _status(numbers: str, words: str = "(?!)") -> str:
    """A status number, but only where it is one and no price or size."""
    before = (
        r"\b(?:https?(?:/\d(?:\.\d)?)?|status(?:[ _]?code)?|code|response|error|"
        r"returned|rejected|failed|got|with)\W{0,12}"
    )
    after = r"\W{1,4}(?:client error|server error|error|http)"
    return rf"{before}(?:{numbers})\b|\b(?:{numbers})\b(?:{after}|\W{{1,4}}(?:{words}))"


def _class(
    name: str,
    condition: str,
    *patterns: str,
    least: int = 1,
    layer: Layer | None = None,
    unless: tuple[str, ...] = (),
) -> ErrorClass:
    pattern = re.compile("|".join(patterns), re.IGNORECASE)
    return ErrorClass(name, pattern, condition, least, layer, unless)


CLASSES: tuple[ErrorClass, ...] = (
    _class("moved-host", "engine-api-outdated", r"API has been moved"),
    _class(
        "auth-401",
        "log-repeating-401",
        _status("401", "unauthori[sz]ed"),
        r"\bunauthori[sz]ed\b|INCORRECT_API_KEY_SIGNATURE|header_timestamp_expired",
        r"signature_is_missing_from_headers|token_authentication_failure",
        r"authentication_error",
        least=3,
        layer=Layer.AUTH,
        unless=("moved-host",),
    ),
    _class(
        "gone-410",
        "log-410-legacy-orders",
        _status("410", "gone"),
        r"deprecated_v1_order_endpoint",
    ),
    _class(
        "forbidden-403",
        "log-403",
        _status("403", "forbidden"),
        r"\bforbidden\b(?! by its access)",
        layer=Layer.WEBSOCKET,
        unless=("blocked",),
    ),
    _class("rate-429", "log-429", _status("429", "too many"), r"too many requests"),
    _class(
        "paused-409",
        "log-409-paused",
        r"trading_is_paused|exchange_is_paused",
        _status("409", "conflict"),
    ),
    _class(
        "dns",
        "log-dns-failure",
        r"getaddrinfo failed|\b1100[1-4]\b|name or service not known",
        r"temporary failure in name resolution|nodename nor servname",
        layer=Layer.DNS,
    ),
    _class(
        "refused",
        "log-connection-refused",
        r"connection ?refused|WinError 10061|Errno 111\b|Errno 61\b",
        layer=Layer.TCP,
    ),
    _class(
        "blocked",
        "log-socket-blocked",
        r"WinError 10013|access a socket in a way forbidden",
        layer=Layer.TCP,
    ),
    _class(
        "tls",
        "log-tls-error",
        r"CERTIFICATE_VERIFY_FAILED|\bSSL(?:Error|EOFError|CertVerificationError)\b",
        r"\[SSL[:\]]|certificate (?:verify|has expired|is not)|(?:ssl|tls) handshake",
        layer=Layer.TLS,
    ),
    _class(
        "timeout",
        "log-timeouts",
        r"WinError 10060|Errno 110\b|\btimed out\b|TimeoutError|ETIMEDOUT",
        layer=Layer.TCP,
    ),
    _class(
        "reset",
        "log-timeouts",
        r"WinError 10054|connection reset|Errno 104\b|ServerDisconnected",
        layer=Layer.TCP,
    ),
    _class(
        "server-5xx",
        "log-5xx-burst",
        _status("50[0234]", "internal server|bad gateway|service unav|gateway time"),
        r"bad gateway|service_unavailable",
        least=5,
        layer=Layer.HTTP,
    ),
    _class("read-orders", "log-cannot-read-orders", r"cannot read orders"),
    _class(
        "sqlite",
        "log-sqlite-errors",
        r"database is locked|disk I/O error|database disk image is malformed",
        r"sqlite3\.\w*Error",
    ),
    _class("unicode", "log-unicode-crash", r"UnicodeEncodeError|'charmap' codec can't"),
    _class(
        "crash",
        "log-traceback-repeating",
        r"Traceback \(most recent call last\)|\bUnhandled\b|MemoryError",
        least=3,
        unless=(
            *("auth-401", "gone-410", "forbidden-403", "rate-429", "paused-409"),
            *("dns", "refused", "blocked", "tls", "timeout", "reset", "server-5xx"),
            *("read-orders", "sqlite", "unicode", "moved-host"),
        ),
    ),
)
BY_NAME: Mapping[str, ErrorClass] = {entry.name: entry for entry in CLASSES}


def classes_of(text: str) -> list[str]:
    """The classes that a record belongs to, the more exact ones only."""
    names = [entry.name for entry in CLASSES if entry.pattern.search(text)]
    return [name for name in names if not set(BY_NAME[name].unless) & set(names)]
