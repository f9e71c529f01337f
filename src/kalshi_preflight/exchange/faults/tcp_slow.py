"""The first SYN is lost."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, Opening


def _apply(hooks: Hooks) -> None:
    hooks.web.opening = Opening.LATE


FAULT = Fault(
    "tcp-slow",
    "tcp",
    "The first SYN is lost, the second one (a second later) is answered.",
    "tcp-slow",
    _apply,
)
