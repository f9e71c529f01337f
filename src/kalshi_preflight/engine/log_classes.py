"""Error classes of a log: what is looked for, and what a match first means. Data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kalshi_preflight.model.layer import Layer


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """One class: its pattern, the condition it makes, from how many matches on.

    ``layer`` is the live layer that speaks of the same thing today: broken there, it is
    that cause; well there, it is the engine's own. ``unless`` are classes that say the
    same more exactly. One of the ``hints``, in small letters, stands in whatever the
    pattern matches: looking for those is much quicker, and most logs have none.
    """

    name: str
    pattern: re.Pattern[str]
    condition: str
    hints: tuple[str, ...]
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
    hints: tuple[str, ...],
    least: int = 1,
    layer: Layer | None = None,
    unless: tuple[str, ...] = (),
) -> ErrorClass:
    # Of letters beyond ASCII some are one of its own in another case (U+212A is a k).
    pattern = re.compile("|".join(patterns), re.IGNORECASE | re.ASCII)
    return ErrorClass(name, pattern, condition, hints, least, layer, unless)


CLASSES: tuple[ErrorClass, ...] = (
    _class(
        "moved-host",
        "engine-api-outdated",
        r"API has been moved",
        hints=("api has been moved",),
    ),
    _class(
        "auth-401",
        "log-repeating-401",
        _status("401", "unauthori[sz]ed"),
        r"\bunauthori[sz]ed\b|INCORRECT_API_KEY_SIGNATURE|header_timestamp_expired",
        r"signature_is_missing_from_headers|token_authentication_failure",
        r"authentication_error",
        hints=(
            "401",
            "unauthori",
            "incorrect_api_key",
            "header_timestamp_expired",
            "signature_is_missing",
            "token_authentication",
            "authentication_error",
        ),
        least=3,
        layer=Layer.AUTH,
        unless=("moved-host",),
    ),
    _class(
        "gone-410",
        "log-410-legacy-orders",
        _status("410", "gone"),
        r"deprecated_v1_order_endpoint",
        hints=("410", "deprecated_v1_order"),
    ),
    _class(
        "forbidden-403",
        "log-403",
        _status("403", "forbidden"),
        r"\bforbidden\b(?! by its access)",
        hints=("403", "forbidden"),
        layer=Layer.WEBSOCKET,
        unless=("blocked",),
    ),
    _class(
        "rate-429",
        "log-429",
        _status("429", "too many"),
        r"too many requests",
        hints=("429", "too many requests"),
    ),
    _class(
        "paused-409",
        "log-409-paused",
        r"trading_is_paused|exchange_is_paused",
        _status("409", "conflict"),
        hints=("409", "_is_paused"),
    ),
    _class(
        "dns",
        "log-dns-failure",
        r"getaddrinfo failed|\b1100[1-4]\b|name or service not known",
        r"temporary failure in name resolution|nodename nor servname",
        hints=("getaddrinfo", "1100", "name or service", "name resolution", "nodename"),
        layer=Layer.DNS,
    ),
    _class(
        "refused",
        "log-connection-refused",
        r"connection ?refused|WinError 10061|Errno 111\b|Errno 61\b",
        hints=("refused", "10061", "errno 111", "errno 61"),
        layer=Layer.TCP,
    ),
    _class(
        "blocked",
        "log-socket-blocked",
        r"WinError 10013|access a socket in a way forbidden",
        hints=("10013", "access a socket"),
        layer=Layer.TCP,
    ),
    _class(
        "tls",
        "log-tls-error",
        r"CERTIFICATE_VERIFY_FAILED|\bSSL(?:Error|EOFError|CertVerificationError)\b",
        r"\[SSL[:\]]|certificate (?:verify|has expired|is not)|(?:ssl|tls) handshake",
        hints=("certificate", "[ssl", "ssl", "handshake"),
        layer=Layer.TLS,
    ),
    _class(
        "timeout",
        "log-timeouts",
        r"WinError 10060|Errno 110\b|\btimed out\b|TimeoutError|ETIMEDOUT",
        hints=("10060", "errno 110", "timed out", "timeouterror", "etimedout"),
        layer=Layer.TCP,
    ),
    _class(
        "reset",
        "log-timeouts",
        r"WinError 10054|connection reset|Errno 104\b|ServerDisconnected",
        hints=("10054", "connection reset", "errno 104", "serverdisconnected"),
        layer=Layer.TCP,
    ),
    _class(
        "server-5xx",
        "log-5xx-burst",
        _status("50[0234]", "internal server|bad gateway|service unav|gateway time"),
        r"bad gateway|service_unavailable",
        hints=("500", "502", "503", "504", "bad gateway", "service_unavailable"),
        least=5,
        layer=Layer.HTTP,
    ),
    _class(
        "read-orders",
        "log-cannot-read-orders",
        r"cannot read orders",
        hints=("cannot read orders",),
    ),
    _class(
        "sqlite",
        "log-sqlite-errors",
        r"database is locked|disk I/O error|database disk image is malformed",
        r"sqlite3\.\w*Error",
        hints=("database", "disk i/o", "sqlite3"),
    ),
    _class(
        "unicode",
        "log-unicode-crash",
        r"UnicodeEncodeError|'charmap' codec can't",
        hints=("unicodeencodeerror", "codec can't"),
    ),
    _class(
        "crash",
        "log-traceback-repeating",
        r"Traceback \(most recent call last\)|\bUnhandled\b|MemoryError",
        hints=("traceback", "unhandled", "memoryerror"),
        least=3,
        unless=(
            *("auth-401", "gone-410", "forbidden-403", "rate-429", "paused-409"),
            *("dns", "refused", "blocked", "tls", "timeout", "reset", "server-5xx"),
            *("read-orders", "sqlite", "unicode", "moved-host"),
        ),
    ),
)
BY_NAME: Mapping[str, ErrorClass] = {entry.name: entry for entry in CLASSES}


def classifier(whole: str) -> Callable[[str], list[str]]:
    """What gives the classes of a record of the text ``whole``, the more exact only.

    Which hints the text has at all is looked up once, so that a log without errors
    costs next to nothing.
    """
    small = whole.lower()
    met = [
        (entry, [hint for hint in entry.hints if hint in small]) for entry in CLASSES
    ]
    possible = [(entry, hints) for entry, hints in met if hints]

    def classes_of(text: str) -> list[str]:
        small = text.lower()
        names = [
            entry.name
            for entry, hints in possible
            if any(hint in small for hint in hints) and entry.pattern.search(text)
        ]
        return [name for name in names if not set(BY_NAME[name].unless) & set(names)]

    return classes_of


def classes_of(text: str) -> list[str]:
    """The classes of a single record."""
    return classifier(text)(text)
