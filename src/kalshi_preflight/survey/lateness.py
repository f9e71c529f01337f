"""How late this machine's own event loop runs: what no peer is to be charged with.

On a machine that is busy, every answer seems to come late. A clock that only sleeps and
looks how much too late it was woken measures just that. Only stalls count: an answer is
not made later by many small delays that passed while it was waited for.
"""

import asyncio

_TICK_SECONDS = 0.02
_STALL_SECONDS = 0.2


class Lateness:
    """The sum of all stalls since :meth:`watch` was started."""

    def __init__(self) -> None:
        self._total_seconds = 0.0
        self._due = float("inf")

    async def watch(self) -> None:
        """Go on measuring until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._due = loop.time() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            self._total_seconds += self._stall_seconds()

    def so_far_ms(self) -> float:
        """All stalls until now, with the one that is under way; in milliseconds."""
        return (self._total_seconds + self._stall_seconds()) * 1000

    def _stall_seconds(self) -> float:
        late = asyncio.get_running_loop().time() - self._due
        return late if late >= _STALL_SECONDS else 0.0
