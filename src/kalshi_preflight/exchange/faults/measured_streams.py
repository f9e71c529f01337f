"""What a listening program meets after the subscription was acknowledged."""

from websockets.frames import Close, Frame, Opcode

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks

#: Numbered frames that never leave, on every connection: two places, three frames.
LOST = (12, 14, 15)
#: The number behind which the first connection is closed.
LAST = 12
_RESTART = Frame(Opcode.CLOSE, Close(1012, "service restart").serialize())


def _lose(hooks: Hooks) -> None:
    def swallow(frame: dict[str, object]) -> dict[str, object] | None:
        return None if frame.get("seq") in LOST else frame

    hooks.websocket.frames.append(swallow)


def _close_once(hooks: Hooks) -> None:
    closed: list[bool] = []

    def close(frame: dict[str, object]) -> dict[str, object] | bytes:
        if frame.get("seq") != LAST or closed:
            return frame
        closed.append(True)
        return _RESTART.serialize(mask=False)

    hooks.websocket.frames.append(close)


FAULTS = (
    Fault(
        "stream-gaps",
        "websocket",
        "Some numbered frames of the order books never arrive.",
        "ws-sequence-gap",
        _lose,
        measured=True,
    ),
    Fault(
        "stream-closed",
        "websocket",
        "The stream is closed in its midst, once, for a restart of the service.",
        "ws-closed",
        _close_once,
        measured=True,
    ),
)
