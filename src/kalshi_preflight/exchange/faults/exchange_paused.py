"""The exchange is paused as a whole."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _apply(hooks: Hooks) -> None:
    hooks.trading.exchange_active = False
    hooks.trading.trading_active = False


FAULT = Fault(
    "exchange-paused",
    "http",
    "The status says exchange_active false; calls for data answer 503.",
    "exchange-paused",
    _apply,
)
