"""The public status is refused, though it needs nothing."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_status
from kalshi_preflight.exchange.message import Response, as_html, as_json, as_text


def _fault(
    name: str, sentence: str, answer: Response, cause: str = "http-request-refused"
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_status, answer))

    return Fault(f"http-refused-{name}", "http", sentence, cause, apply)


FAULTS = (
    _fault(
        "400-flat",
        "400 with the flat JSON error.",
        refusals.flat("bad_request", "bad request", "json: cannot unmarshal"),
    ),
    _fault(
        "400-parameter",
        "400 with the bare message of a parameter.",
        refusals.limit_over_maximum("GetMarkets"),
    ),
    _fault("400-html", "400 with a page.", as_html("<h1>400 Bad Request</h1>", 400)),
    _fault("401-json", "401 in JSON without any key.", refusals.NO_CREDENTIALS),
    _fault("402", "402 Payment Required.", as_text("Payment Required\n", 402)),
    _fault(
        "403-json",
        "403 with a JSON error.",
        refusals.nested(403, "forbidden", "forbidden"),
    ),
    _fault("406", "406 Not Acceptable.", as_text("", 406)),
    _fault(
        "407",
        "407: a proxy that nobody has set wants a password.",
        Response(407, b"", (("Proxy-Authenticate", "Basic realm=corp"),)),
        "proxy-authentication-required",
    ),
    _fault("409", "409 Conflict.", as_json({"error": "conflict"}, 409)),
    _fault("410", "410 Gone on the status itself.", refusals.LEGACY_ORDER_PATH),
    _fault("413", "413 from a proxy.", as_html("<title>413 Too Large</title>", 413)),
    _fault("414", "414 URI Too Long.", as_html("", 414)),
    _fault("415", "415 Unsupported Media Type.", refusals.nested(415, "a", "b")),
    _fault("418", "418: somebody jokes.", as_text("I'm a teapot\n", 418)),
    _fault("421", "421 Misdirected Request.", as_html("<p>421 Misdirected</p>", 421)),
    _fault("431", "431: too many header fields.", as_html("", 431)),
    _fault("499", "499: a code nobody has defined.", as_text("", 499)),
)
