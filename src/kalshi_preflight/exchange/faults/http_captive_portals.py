"""A network wants a log-in first."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_rest
from kalshi_preflight.exchange.message import Response, as_html

FORM = (
    "<html><head><title>Welcome to Hotel WiFi</title></head><body>"
    '<form action="/login"><input name="room"></form></body></html>'
)
REFRESH = (
    '<html><head><meta http-equiv="refresh" content="0; url=https://login.test/">'
    "</head></html>"
)
_SERVER = ("Server", "lighttpd")


def _labelled(page: str, content_type: str) -> Response:
    return Response(200, page.encode(), (("Content-Type", content_type), _SERVER))


def _redirect(location: str) -> Response:
    page = as_html(f'<a href="{location}">Sign in</a>', 302)
    return page.with_header("Location", location)


def _fault(name: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_rest, answer))

    return Fault(f"http-portal-{name}", "http", sentence, "http-captive-portal", apply)


FAULTS = (
    _fault("form", "A log-in page answers 200.", _labelled(FORM, "text/html")),
    _fault(
        "refresh", "A page that refreshes elsewhere.", _labelled(REFRESH, "text/html")
    ),
    _fault(
        "labelled-json",
        "A log-in page is labelled as JSON.",
        _labelled(FORM, "application/json"),
    ),
    _fault(
        "labelled-text",
        "A log-in page is labelled as plain text.",
        _labelled(FORM, "text/plain"),
    ),
    _fault(
        "redirect-inside",
        "302 to a log-in page on an address of the network.",
        _redirect("https://192.168.88.1/hotspot?target=localhost"),
    ),
    _fault(
        "redirect-login",
        "302 to the log-in page of another host.",
        _redirect("https://wifi.hotel.test/login"),
    ),
    _fault(
        "redirect-plain",
        "307 to another host without TLS.",
        Response(307, b"", (("Location", "http://gateway.test/"),)),
    ),
    _fault("511", "511 Network Authentication Required.", as_html(REFRESH, 511)),
)
