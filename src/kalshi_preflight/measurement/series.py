"""Series of times, told by three of their members."""

from collections.abc import Sequence
from math import ceil

from kalshi_preflight.model.measurement import Spread


def spread(times_ms: Sequence[float]) -> Spread | None:
    """Median, 95th percentile and maximum; ``None`` of nothing."""
    if not times_ms:
        return None
    ordered = sorted(times_ms)
    return Spread(
        count=len(ordered),
        p50_ms=round(percentile(ordered, 50), 1),
        p95_ms=round(percentile(ordered, 95), 1),
        max_ms=round(ordered[-1], 1),
    )


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of an ascending series: always one of its members."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def steps(moments: Sequence[float]) -> list[float]:
    """The time from each moment to the next, in milliseconds; moments in seconds."""
    following = moments[1:]
    return [
        (later - earlier) * 1000
        for earlier, later in zip(moments, following, strict=False)
    ]
