"""The upgrade is unauthorized, though REST is not."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.state import WEBSOCKET_PATH


async def _refuse(request: Request, response: Response) -> Response:
    upgrade = request.path == WEBSOCKET_PATH
    return refusals.SIGNATURE_WRONG if upgrade else response


def _apply(hooks: Hooks) -> None:
    hooks.http.answers.append(_refuse)


FAULT = Fault(
    "ws-401",
    "websocket",
    "Every upgrade is answered 401 while signed REST requests pass.",
    "ws-unauthorized",
    _apply,
)
