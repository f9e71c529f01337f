"""The account's tier may not use FIX."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _apply(hooks: Hooks) -> None:
    hooks.fix.entitled = False


FAULT = Fault(
    "fix-tier",
    "fix",
    "The account's tier is below Premier: every FIX logon is answered with Logout.",
    "fix-logon-tier",
    _apply,
)
