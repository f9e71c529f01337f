"""The signed request alone is answered with what has nothing to do with a key."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_balance
from kalshi_preflight.exchange.message import Response, as_html, as_json, as_text


def _fault(name: str, cause: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_balance, answer))

    return Fault(f"auth-{name}", "auth", sentence, cause, apply)


FAULTS = (
    _fault(
        "edge-page",
        "http-forbidden-edge",
        "403 with a firewall's page for signed requests only.",
        as_html("<h1>Request blocked</h1>", 403).with_header("Server", "CloudFront"),
    ),
    _fault(
        "edge-401",
        "http-forbidden-edge",
        "401 with a page: a gateway wants its own log-in.",
        as_html("<h1>Log in to the gateway</h1>", 401),
    ),
    _fault("gone-404", "auth-endpoint-gone", "404 in JSON.", refusals.NOT_FOUND),
    _fault("gone-page", "auth-endpoint-gone", "404 in text.", refusals.PAGE_NOT_FOUND),
    _fault("gone-410", "auth-endpoint-gone", "410 Gone.", refusals.LEGACY_ORDER_PATH),
    _fault("429", "http-rate-limited", "429.", refusals.TOO_MANY_REQUESTS),
    _fault(
        "500",
        "http-server-error",
        "500 in JSON.",
        refusals.nested(500, "internal", "internal"),
    ),
    _fault("502", "http-bad-gateway", "502 with a page.", as_html("Bad Gateway", 502)),
    _fault("503", "http-bad-gateway", "503 in JSON.", refusals.UNAVAILABLE),
    _fault("504", "http-bad-gateway", "504 with a page.", as_html("Time-out", 504)),
    _fault("451", "http-unavailable-legally", "451.", as_text("withheld", 451)),
    _fault(
        "redirect",
        "http-redirected",
        "307 to another host: the headers must not follow.",
        Response(307, b"", (("Location", "https://other.test/"),)),
    ),
    _fault(
        "page", "http-captive-portal", "200 with a log-in page.", as_html("<form>", 200)
    ),
    _fault("text", "http-not-json", "200 with the word OK.", as_text("OK", 200)),
    _fault(
        "cut-json",
        "http-malformed-json",
        "200 with JSON that ends early.",
        Response(200, b'{"balance":', (("Content-Type", "application/json"),)),
    ),
    _fault(
        "drift-gone",
        "http-schema-drift",
        "The balance is missing.",
        as_json({"payout": 0}),
    ),
    _fault(
        "drift-string",
        "http-schema-drift",
        "The balance is a string.",
        as_json({"balance": "9801"}),
    ),
    _fault("drift-list", "http-schema-drift", "The answer is a list.", as_json([])),
    _fault(
        "drift-nan",
        "http-schema-drift",
        "The balance is NaN.",
        Response(200, b'{"balance":NaN}', (("Content-Type", "application/json"),)),
    ),
)
