"""The signed request is refused, in every form that is on record."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_balance
from kalshi_preflight.exchange.message import Response, as_html, as_json, as_text

_LOCATION = (
    "Your location attestation for API trading is missing or expired. Please verify"
    " your location in the Kalshi app or website, and then retry."
)
_NEVADA = (
    "Nevada residents are not currently allowed to open positions in Sports, Elections"
    " and Entertainment. Check your email for more details."
)


def _fault(name: str, cause: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_balance, answer))

    return Fault(f"auth-{name}", "auth", sentence, cause, apply)


def _as_error(status: int, code: str, details: str | None = None) -> Response:
    return refusals.nested(status, code, code.replace("_", " "), details)


_REJECTED = (
    _fault(
        "signature-old-wording",
        "auth-signature-rejected",
        "401 in the words that were used until January 2026.",
        _as_error(
            401,
            "authentication_error",
            "rpc error: code = Unauthenticated desc = INCORRECT_API_KEY_SIGNATURE",
        ),
    ),
    _fault(
        "headers-all-gone",
        "auth-headers-dropped",
        "401: no header of the signature arrived.",
        refusals.NO_CREDENTIALS,
    ),
    _fault(
        "headers-signature-gone",
        "auth-headers-dropped",
        "401: the signature's header did not arrive.",
        refusals.SIGNATURE_MISSING,
    ),
    _fault(
        "headers-timestamp-gone",
        "auth-headers-dropped",
        "401: the timestamp's header did not arrive.",
        _as_error(401, "timestamp_is_missing_from_headers"),
    ),
    _fault(
        "headers-key-gone",
        "auth-headers-dropped",
        "401: the key id's header did not arrive.",
        _as_error(401, "access_key_is_missing_from_headers"),
    ),
    _fault(
        "refused-timestamp",
        "auth-refused",
        "401: the timestamp is no number.",
        _as_error(401, "header_timestamp_invalid"),
    ),
    _fault("refused-bare", "auth-refused", "401, no more.", refusals.KEY_LIST_DENIED),
    _fault("refused-400", "auth-refused", "400 in JSON.", refusals.BAD_REQUEST),
    _fault("refused-402", "auth-refused", "402 with text.", as_text("Pay first", 402)),
    _fault("refused-405", "auth-refused", "405.", Response(405)),
    _fault("refused-413", "auth-refused", "413 by a proxy.", as_html("too large", 413)),
    _fault("refused-415", "auth-refused", "415.", refusals.nested(415, "a_b", "a b")),
    _fault("refused-418", "auth-refused", "418.", as_text("I'm a teapot", 418)),
    _fault("refused-431", "auth-refused", "431 without a body.", Response(431)),
)
_DENIED = tuple(
    _fault(f"scope-{name}", "auth-scope-missing", f"403: {sentence}.", answer)
    for name, sentence, answer in (
        ("missing", "the key lacks the scope", refusals.SCOPE_MISSING),
        (
            "insufficient",
            "the scope is not enough",
            _as_error(403, "insufficient_scope"),
        ),
        ("subaccount", "a sub-account's key", refusals.SUBACCOUNT_DENIED),
        ("margin", "the account has no margin", refusals.MARGIN_DISABLED),
        ("forbidden", "no more than forbidden", _as_error(403, "forbidden")),
        (
            "location",
            "the location check has lapsed",
            refusals.nested(403, _LOCATION.replace(" ", "_"), _LOCATION),
        ),
        (
            "state",
            "a rule of a state",
            refusals.nested(403, _NEVADA.replace(" ", "_"), _NEVADA),
        ),
        ("flat", "the flat shape", as_json({"code": "fcm", "message": "bound"}, 403)),
    )
)
_ELSEWHERE = (
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
    _fault("500", "http-server-error", "500 in JSON.", _as_error(500, "internal")),
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

FAULTS = (*_REJECTED, *_DENIED, *_ELSEWHERE)
