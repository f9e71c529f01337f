"""SYN is dropped."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, Opening


def _apply(hooks: Hooks) -> None:
    # A full backlog makes the kernel drop SYN, as a firewall does. On Windows a full
    # backlog is answered with RST instead.
    hooks.web.opening = Opening.BLACK_HOLE


FAULT = Fault(
    "tcp-blackhole",
    "tcp",
    "No SYN to the port of REST and WebSocket is ever answered.",
    "tcp-timeout",
    _apply,
)
