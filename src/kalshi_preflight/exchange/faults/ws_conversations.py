"""After 101: errors instead of acknowledgements, silence, slowness."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.parameters import ERRORS
from kalshi_preflight.exchange.wire import Stream

_SLOW_SECONDS = 1.3
_RETIRED = {6: "Already subscribed", 16: "Market not found", 17: "Internal error"}


def _refusing(name: str, sentence: str, message: object) -> Fault:
    def instead(frame: dict[str, object]) -> dict[str, object]:
        if frame["type"] != "subscribed":
            return frame
        return {"id": frame["id"], "type": "error", "msg": message}

    def apply(hooks: Hooks) -> None:
        hooks.websocket.frames.append(instead)

    return Fault(
        f"ws-error-{name}", "websocket", sentence, "ws-subscription-refused", apply
    )


def _swallow(hooks: Hooks) -> None:
    hooks.websocket.commands.append(lambda text: True)


def _hide(hooks: Hooks) -> None:
    def frame(document: dict[str, object]) -> dict[str, object] | None:
        return None if document["type"] == "subscribed" else document

    hooks.websocket.frames.append(frame)


async def _keep_silent(stream: Stream) -> bool:
    await stream.drain()
    return True


def _silence(hooks: Hooks) -> None:
    hooks.websocket.opened.append(_keep_silent)


def _delay(hooks: Hooks) -> None:
    hooks.websocket.pong_delay_seconds = _SLOW_SECONDS


FAULTS = (
    *(
        _refusing(
            str(code),
            f"The subscription is answered with error {code}: {text}.",
            {"code": code, "msg": text},
        )
        for code, text in {**ERRORS, **_RETIRED}.items()
    ),
    _refusing("text", "An error that is a text and has no code.", "go away"),
    _refusing("empty", "An error that says nothing.", None),
    Fault(
        "ws-swallowed",
        "websocket",
        "The subscription is swallowed, while pings are answered.",
        "ws-silent",
        _swallow,
    ),
    Fault(
        "ws-unacknowledged",
        "websocket",
        "Data flow, and the subscription is never acknowledged.",
        "ws-silent",
        _hide,
    ),
    Fault(
        "ws-silent",
        "websocket",
        "After 101 nothing comes any more, not even a pong.",
        "ws-silent",
        _silence,
    ),
    Fault(
        "ws-slow",
        "websocket",
        "A ping is answered after more than a second.",
        "ws-slow",
        _delay,
    ),
)
