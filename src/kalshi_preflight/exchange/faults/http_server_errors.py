"""The server fails inside, or the front reaches none."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_status
from kalshi_preflight.exchange.message import Response, as_html, as_json


def _fault(name: str, cause: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_status, answer))

    return Fault(name, "http", sentence, cause, apply)


def _error(name: str, sentence: str, answer: Response) -> Fault:
    return _fault(f"http-{name}", "http-server-error", sentence, answer)


def _gateway(status: int, page: str, name: str, server: str) -> Fault:
    answer = as_html(page, status).with_header("Server", server)
    sentence = f"{status} by {server}: {'a page' if page else 'no body'}."
    return _fault(f"http-{status}-{name}", "http-bad-gateway", sentence, answer)


_OPEN = {"exchange_active": True, "trading_active": True}

FAULTS = (
    _error("500-html", "500 with a page.", as_html("<h1>Internal Error</h1>", 500)),
    _error("500-empty", "500 without a body.", Response(500)),
    _error("500-open", "500 with a body that says: open.", as_json(_OPEN, 500)),
    _error("501", "501 Not Implemented.", as_html("", 501)),
    _error("505", "505 HTTP Version Not Supported.", as_html("", 505)),
    _error("508", "508 Loop Detected.", as_html("", 508)),
    _gateway(502, "<h1>502 Bad Gateway</h1>", "page", "awselb/2.0"),
    _gateway(502, "<h2>wasn't able to connect to the origin</h2>", "cdn", "CloudFront"),
    _gateway(502, "", "empty", "awselb/2.0"),
    _gateway(503, "<h1>503 Temporarily Unavailable</h1>", "page", "awselb/2.0"),
    _gateway(503, "", "empty", "awselb/2.0"),
    _gateway(504, "<title>504 Gateway Time-out</title>", "page", "awselb/2.0"),
    _gateway(504, "", "empty", "awselb/2.0"),
    _gateway(520, "<title>520: unknown error</title>", "page", "cloudflare"),
    _gateway(522, "<title>522: Connection timed out</title>", "page", "cloudflare"),
    _gateway(530, "error code: 1016", "page", "cloudflare"),
)
