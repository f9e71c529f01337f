"""Trading is paused, the exchange is up."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _apply(hooks: Hooks) -> None:
    hooks.trading.trading_active = False


FAULT = Fault(
    "trading-paused",
    "http",
    "The status says exchange_active true and trading_active false.",
    "trading-paused",
    _apply,
)
