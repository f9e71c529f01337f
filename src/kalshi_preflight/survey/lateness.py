"""How late this machine's own event loop runs: what no peer is to be charged with.

On a machine that is busy, every answer seems to come late. A clock that only sleeps and
looks how much too late it was woken measures just that.
"""

import asyncio

_TICK_SECONDS = 0.02


class Lateness:
    """The sum of all delays since :meth:`watch` was started."""

    def __init__(self) -> None:
        self._total_seconds = 0.0
        self._due = float("inf")

    async def watch(self) -> None:
        """Go on measuring until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._due = loop.time() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            self._total_seconds += max(0.0, loop.time() - self._due)

    def so_far_ms(self) -> float:
        """All delays until now, with the one that is under way; in milliseconds."""
        late = max(0.0, asyncio.get_running_loop().time() - self._due)
        return (self._total_seconds + late) * 1000
