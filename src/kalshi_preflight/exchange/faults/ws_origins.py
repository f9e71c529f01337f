"""The header that makes the difference, in every order of checks."""

import itertools

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.faults.ws_refusals import gorilla
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import is_upgrade
from kalshi_preflight.exchange.message import Request, Response, as_html

_FORBIDDEN = gorilla(403, "Forbidden")


def _origin_first(hooks: Hooks) -> None:
    hooks.websocket.refuses_origin = True
    hooks.websocket.authentication_first = False


def _add_origin(hooks: Hooks) -> None:
    hooks.websocket.refuses_origin = True

    def add(request: Request) -> Request:
        if not is_upgrade(request):
            return request
        headers = (*request.without("Origin").headers, ("Origin", "https://box.test"))
        return Request(request.method, request.target, headers, request.body)

    hooks.http.requests.append(add)


def _page_for_origin(hooks: Hooks) -> None:
    async def answer(request: Request, response: Response) -> Response:
        if is_upgrade(request) and request.header("Origin"):
            return as_html("<h1>Request blocked</h1>", 403)
        return response

    hooks.http.answers.append(answer)


def _flap(hooks: Hooks) -> None:
    without = itertools.count()

    async def answer(request: Request, response: Response) -> Response:
        if not is_upgrade(request) or response.status != 101:
            return response  # the damaged signature is refused as ever
        if request.header("Origin"):
            return _FORBIDDEN
        return response if next(without) == 0 else as_html("Bad Gateway", 502)

    hooks.http.answers.append(answer)


def _not_enforced(hooks: Hooks) -> None:
    from kalshi_preflight.exchange import handshake

    async def answer(request: Request, response: Response) -> Response:
        if is_upgrade(request) and response.status == 401:
            return handshake.accept(request)[1]
        return response

    hooks.http.answers.append(answer)


FAULTS = (
    Fault(
        "ws-origin-first",
        "websocket",
        "An Origin header is refused before anybody looks at the key.",
        "ws-origin-refused",
        _origin_first,
    ),
    Fault(
        "ws-origin-added",
        "websocket",
        "A box on the way adds an Origin header, which the exchange refuses.",
        "ws-forbidden-edge",
        _add_origin,
    ),
    Fault(
        "ws-origin-page",
        "websocket",
        "An Origin header is refused by a page, and not by the exchange.",
        "ws-forbidden-edge",
        _page_for_origin,
    ),
    Fault(
        "ws-flapping",
        "websocket",
        "Open, refused, and then broken: no verdict on the header.",
        "ws-server-error",
        _flap,
    ),
    Fault(
        "ws-not-enforced",
        "websocket",
        "An upgrade with a damaged signature is accepted.",
        "auth-not-enforced",
        _not_enforced,
    ),
)
