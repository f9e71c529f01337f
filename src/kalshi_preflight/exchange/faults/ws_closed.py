"""The WebSocket is closed as soon as it is open."""

from websockets.frames import Close, Frame, Opcode

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

CLOSE = Frame(Opcode.CLOSE, Close(1011, "internal error").serialize())


async def _close(stream: Stream) -> bool:
    await stream.send(CLOSE.serialize(mask=False))
    await stream.close()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.websocket.opened.append(_close)


FAULT = Fault(
    "ws-closed",
    "websocket",
    "The upgrade succeeds, then the server closes with 1011 before any answer.",
    "ws-closed",
    _apply,
)
