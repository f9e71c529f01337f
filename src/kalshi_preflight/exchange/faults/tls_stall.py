"""TCP is open, and TLS never begins."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream


async def _swallow(stream: Stream, _: bytes) -> bool:
    await stream.drain()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.web.hellos.append(_swallow)


FAULT = Fault(
    "tls-stall",
    "tls",
    "The ClientHello is read and never answered.",
    "tls-stalled",
    _apply,
)
