"""The token bucket behind 429."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tier:
    """Budgets of a usage tier, in tokens per second and tokens held."""

    name: str
    read_rate: int
    read_capacity: int
    write_rate: int
    write_capacity: int


# Since 2026-09-24 a Basic account's Read bucket holds three seconds' worth.
BASIC = Tier("basic", 200, 600, 100, 100)
DEFAULT_COST = 10
# Not default: (method, path pattern, tokens).
COSTS = (
    ("POST", "/trade-api/v2/account/api_usage_level/upgrade", 30),
    ("GET", "/trade-api/v2/cfbenchmarks", 150),
    ("POST", "/trade-api/v2/communications/quotes", 2),
    ("DELETE", "/trade-api/v2/communications/quotes/:quote_id", 2),
    ("GET", "/trade-api/v2/margin/balance", 5),
    ("DELETE", "/trade-api/v2/portfolio/events/orders/:order_id", 2),
    ("DELETE", "/trade-api/v2/portfolio/events/orders/batched", 2),
    ("GET", "/trade-api/v2/portfolio/orders/:order_id", 2),
)


class Bucket:
    """Refilled continuously; a request is served only if it can be paid in full."""

    def __init__(
        self, rate: int, capacity: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate = rate
        self.capacity = capacity
        self._monotonic = monotonic
        self._tokens = float(capacity)
        self._at = monotonic()

    def take(self, cost: int = DEFAULT_COST) -> bool:
        """Pay; False, and nothing is paid, if the bucket holds too little."""
        now = self._monotonic()
        self._tokens = min(self.capacity, self._tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True
