"""The exchange's clock and ours are apart."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks

AHEAD_SECONDS = 90.0


def _apply(hooks: Hooks) -> None:
    # Both the Date header and the timestamp window show it; a control's Date does not
    # (its clock is the machine's own, as is the client's).
    hooks.clock.offset_seconds += AHEAD_SECONDS


FAULT = Fault(
    "clock-skew",
    "auth",
    "The exchange's clock is 90 s ahead of the client's: signed requests have expired.",
    "clock-skewed",
    _apply,
)
