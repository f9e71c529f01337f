"""Our own token bucket: a fifth of what the smallest tier allows.

Basic refills 200 read tokens a second and holds 600; a call costs 10 unless the
exchange says otherwise (docs.kalshi.com, rate_limits). The user's own program draws on
the same bucket, so this run must leave most of it alone.
"""

import asyncio
from collections.abc import Callable

#: Basic, since 2026-09-24.
BASIC_TOKENS_EACH_SECOND = 200.0
BASIC_BURST_TOKENS = 600.0
CALL_TOKENS = 10.0
SHARE = 0.2
_RATE = SHARE * BASIC_TOKENS_EACH_SECOND
_CAPACITY = SHARE * BASIC_BURST_TOKENS


class Purse:
    """Pays for calls, and lets them wait until they can be paid.

    ``spent`` is what the survey has used up already; ``clock`` gives seconds.
    """

    def __init__(self, clock: Callable[[], float], spent: float = 0.0) -> None:
        self._clock = clock
        self._tokens = _CAPACITY - spent
        self._at = clock()
        self.paid = spent

    def wait_seconds(self, cost: float) -> float:
        """How long it takes until the purse can pay."""
        return max(0.0, cost - self._held()) / _RATE

    def pay(self, cost: float) -> None:
        """Take from the purse; what is not there is owed."""
        self._tokens = self._held() - cost
        self._at = self._clock()
        self.paid += cost

    async def draw(self, cost: float = CALL_TOKENS) -> None:
        """Pay as soon as it can be paid; whoever comes first is served first."""
        wait = self.wait_seconds(cost)
        self.pay(cost)
        if wait:
            await asyncio.sleep(wait)

    def _held(self) -> float:
        since = self._clock() - self._at
        return min(_CAPACITY, self._tokens + since * _RATE)


def allowance(seconds: float) -> float:
    """What Basic allows in so many seconds: its burst, and what is refilled."""
    return BASIC_BURST_TOKENS + seconds * BASIC_TOKENS_EACH_SECOND
