"""The body is not the status document: no JSON, broken JSON, or other JSON."""

import gzip

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_status
from kalshi_preflight.exchange.message import Response, as_html, as_json, as_text

_STATUS = b'{"exchange_active":true,"trading_active":true}'


def _json(body: bytes, *headers: tuple[str, str]) -> Response:
    return Response(200, body, (("Content-Type", "application/json"), *headers))


def _faults(cause: str, cases: dict[str, tuple[str, Response]]) -> tuple[Fault, ...]:
    return tuple(
        _fault(cause, f"{cause}-{name}", sentence, answer)
        for name, (sentence, answer) in cases.items()
    )


def _fault(cause: str, name: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_status, answer))

    return Fault(name, "http", sentence, cause, apply)


_SITE = "<!doctype html><html><head><title>Kalshi</title></head><body></body></html>"
_NOT_JSON = {
    "site": ("200 with the exchange's web site.", as_html(_SITE, 200)),
    "empty": ("200 without a body.", _json(b"")),
    "204": ("204 No Content.", Response(204)),
    "text": ("200 with the word OK.", as_text("OK\n", 200)),
    "xml": ("200 with XML.", _json(b"<status><active>1</active></status>")),
    "guarded": ("JSON behind the guard of a web back-end.", _json(b")]}'\n" + _STATUS)),
    "unlabelled-gzip": ("gzip that nothing announces.", _json(gzip.compress(_STATUS))),
    "foreign-compression": (
        "A compression that was not offered.",
        _json(b"\x8b\x16\x80" + _STATUS + b"\x03", ("Content-Encoding", "br")),
    ),
}
_MALFORMED = {
    "cut": ("JSON that ends in the middle.", _json(_STATUS[:41])),
    "doubled": ("Two documents in one body.", _json(_STATUS * 2)),
    "garbage-behind": ("Garbage behind the document.", _json(_STATUS + b"\0\0")),
    "trailing-comma": ("A comma too many.", _json(_STATUS[:-1] + b",}")),
    "latin-1": (
        "Text in another encoding.",
        _json(b'{"title":"S\xe3o Paulo",' + _STATUS[1:]),
    ),
    "nested": ("Brackets without end.", _json(b"[" * 200_000 + b"]" * 200_000)),
    "deep": ("Nested deeper than any answer.", _json(b'{"a":' * 99 + b"1" + b"}" * 99)),
    "contradictory": (
        "One name twice, with different values.",
        _json(b'{"exchange_active":false,' + _STATUS[1:]),
    ),
}
_DRIFT = {
    "other": ("Another service's status.", as_json({"status": "up"})),
    "field-gone": ("trading_active is missing.", as_json({"exchange_active": True})),
    "renamed": (
        "exchange_active has another name.",
        as_json({"exchangeActive": True, "trading_active": True}),
    ),
    "string": (
        "exchange_active is a string.",
        as_json({"exchange_active": "true", "trading_active": True}),
    ),
    "number": (
        "trading_active is a number.",
        as_json({"exchange_active": True, "trading_active": 1}),
    ),
    "null-field": (
        "exchange_active is null.",
        as_json({"exchange_active": None, "trading_active": True}),
    ),
    "null": ("The whole answer is null.", _json(b"null")),
    "list": ("The answer is a list.", _json(b"[]")),
    "text": ("The answer is a string.", _json(b'"ok"')),
    "nan": (
        "exchange_active is NaN, which is no JSON and is often let pass.",
        _json(b'{"exchange_active":NaN,"trading_active":true}'),
    ),
}

FAULTS = (
    *_faults("http-not-json", _NOT_JSON),
    *_faults("http-malformed-json", _MALFORMED),
    *_faults("http-schema-drift", _DRIFT),
)
