"""The host answers, and knows no such path."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_rest
from kalshi_preflight.exchange.message import Response, as_html, as_json


def _fault(name: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_rest, answer))

    return Fault(f"http-not-found-{name}", "http", sentence, "http-not-found", apply)


_GATEWAY = as_json({"message": "Missing Authentication Token"}, 403).with_header(
    "X-Amzn-ErrorType", "MissingAuthenticationTokenException"
)

FAULTS = (
    _fault("json", "Every path answers 404 in JSON.", refusals.NOT_FOUND),
    _fault(
        "html",
        "404 with a page.",
        as_html("<h1>Not Found</h1>", 404),
    ),
    _fault("empty", "Every path answers 404 without a body.", Response(404)),
    _fault("gateway", "403: an API gateway does not know the path.", _GATEWAY),
    _fault(
        "method", "405: this path takes POST.", Response(405, b"", (("Allow", "POST"),))
    ),
)
