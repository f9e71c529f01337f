"""The request is read and never answered."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.state import REST_PATH
from kalshi_preflight.exchange.wire import Stream


async def _swallow(stream: Stream, request: Request, _: Response, __: bytes) -> bool:
    if not request.path.startswith(f"{REST_PATH}/"):
        return False
    await stream.drain()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.http.sends.append(_swallow)


FAULT = Fault(
    "http-stall",
    "http",
    "REST requests are read and never answered.",
    "http-stalled",
    _apply,
)
