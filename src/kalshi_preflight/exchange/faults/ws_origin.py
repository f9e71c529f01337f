"""The upgrade is refused if it carries an Origin."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _apply(hooks: Hooks) -> None:
    hooks.websocket.refuses_origin = True


FAULT = Fault(
    "ws-origin",
    "websocket",
    "An upgrade with an Origin header is answered 403 Forbidden, one without gets 101.",
    "ws-origin-refused",
    _apply,
)
