"""The upgrade gets a status that is not 101."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_upgrade
from kalshi_preflight.exchange.message import Response, as_html, as_json, as_text

_VERSION = ("Sec-Websocket-Version", "13")


def gorilla(status: int, text: str) -> Response:
    """Refuse as a gorilla server does: text, version, status text and newline."""
    return as_text(f"{text}\n", status).with_header(*_VERSION)


def _fault(name: str, cause: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_upgrade, answer))

    return Fault(f"ws-{name}", "websocket", sentence, cause, apply)


def _moved(status: int, location: str) -> Response:
    return Response(status, b"", (("Location", location),))


_SITE = as_html("<html>proxy says hello</html>", 200)
_PATH = "/trade-api/ws/v2/"

_STRIPPED = tuple(
    _fault(f"stripped-{name}", "ws-upgrade-stripped", f"{sentence}.", answer)
    for name, sentence, answer in (
        ("400", "400 as gorilla says of a lost header", gorilla(400, "Bad Request")),
        ("400-other", "400 in another server's words", as_text("missing Upgrade", 400)),
        (
            "426",
            "426 as gorilla says of a lost Upgrade",
            gorilla(426, "Upgrade Required").with_header("Upgrade", "websocket"),
        ),
        ("426-other", "426 by another server", as_text("Upgrade Required", 426)),
        ("405", "405 as gorilla says", gorilla(405, "Method Not Allowed")),
        ("200-page", "200 with a page", _SITE),
        ("200-json", "200 with JSON", as_json({"ok": True})),
        ("204", "204 No Content", Response(204)),
        ("302", "302 to a log-in page", _moved(302, "https://login.test/")),
        ("301-site", "301 to a web site", _moved(301, "https://kalshi.test/")),
        ("404-page", "404 by a web server", as_html("<h1>Not Found</h1>", 404)),
        ("402", "402 with text", as_text("Payment Required", 402)),
        ("418", "418", as_text("I'm a teapot", 418)),
        ("511", "511: a network wants a log-in", as_html("<form>", 511)),
    )
)
_OTHERS = (
    _fault(
        "edge-page",
        "ws-forbidden-edge",
        "403 with the CDN's page.",
        as_html("<h2>The request could not be satisfied.</h2>", 403).with_header(
            "Server", "CloudFront"
        ),
    ),
    _fault(
        "edge-bare",
        "ws-forbidden-edge",
        "403 by a box that names nobody.",
        as_text("Denied", 403),
    ),
    _fault("edge-empty", "ws-forbidden-edge", "403 without a body.", Response(403)),
    _fault(
        "edge-401",
        "ws-forbidden-edge",
        "401 with a gateway's page.",
        as_html("<h1>Log in</h1>", 401),
    ),
    _fault(
        "forbidden",
        "ws-forbidden",
        "403 with a JSON error.",
        refusals.nested(403, "forbidden", "forbidden"),
    ),
    _fault(
        "forbidden-subaccount",
        "ws-forbidden",
        "403: a sub-account's key may not connect.",
        refusals.SUBACCOUNT_DENIED,
    ),
    _fault(
        "401-headers",
        "ws-unauthorized",
        "401: the headers did not arrive, only here.",
        refusals.nested(401, "access_key_is_missing_from_headers", "missing"),
    ),
    _fault(
        "401-expired",
        "ws-unauthorized",
        "401: the timestamp has expired, only here.",
        refusals.TIMESTAMP_EXPIRED,
    ),
    _fault("401-bare", "ws-unauthorized", "401 without a body.", Response(401)),
    _fault("404", "ws-not-found", "404 by the exchange.", refusals.PAGE_NOT_FOUND),
    _fault("404-json", "ws-not-found", "404 in JSON.", refusals.NOT_FOUND),
    _fault("301-slash", "ws-not-found", "301 to a slash.", _moved(301, _PATH)),
    _fault("429", "ws-rate-limited", "429.", refusals.TOO_MANY_REQUESTS),
    _fault("408", "ws-stalled", "408 Request Timeout.", as_text("", 408)),
    *(
        _fault(str(status), "ws-server-error", f"{status}.", as_html("", status))
        for status in (500, 502, 503, 504)
    ),
    _fault("503-json", "ws-server-error", "503 while paused.", refusals.UNAVAILABLE),
)

FAULTS = (*_STRIPPED, *_OTHERS)
