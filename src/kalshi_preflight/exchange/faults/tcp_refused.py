"""Nothing listens on the port."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, Opening


def _apply(hooks: Hooks) -> None:
    # The port stays bound, so that nobody else can begin to listen on it.
    hooks.web.opening = Opening.REFUSE


FAULT = Fault(
    "tcp-refused",
    "tcp",
    "The port of REST and WebSocket is closed: every SYN is answered with RST.",
    "tcp-refused",
    _apply,
)
