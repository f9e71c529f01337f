"""The series of snapshots: how many write it, where it stops, what does not belong.

All of it is arithmetic on times (Unix seconds); the figures are those measured on 6,104
rows of a real engine: a row every 30 or 31 seconds, one extra row every 10.8 minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

#: A row belongs to the chain whose last row is this many seconds before it.
_STEP = (27.0, 36.0)
_CHAIN_ROWS = 6
_OVERLAP_SECONDS = 180.0


@dataclass(slots=True)
class Chain:
    """The rows of one writer: indices into the series, and their times."""

    rows: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def overlaps(self, other: "Chain") -> bool:
        """Whether both were being written for long enough at the same time."""
        begin = max(self.times[0], other.times[0])
        return min(self.times[-1], other.times[-1]) - begin >= _OVERLAP_SECONDS


def chains(times: Sequence[float], interval: float = 30.0) -> list[Chain]:
    """Give each row, in order of time, to the chain that it continues best."""
    found: list[Chain] = []
    for place, time in enumerate(times):
        fitting = [
            chain for chain in found if _STEP[0] <= time - chain.times[-1] <= _STEP[1]
        ]
        best = min(
            fitting, key=lambda c: abs(time - c.times[-1] - interval), default=None
        )
        if best is None:
            best = Chain()
            found.append(best)
        best.rows.append(place)
        best.times.append(time)
    return found


def writers(found: Sequence[Chain]) -> list[Chain]:
    """The chains that overlap another one: two or more writers, or none."""
    long = [chain for chain in found if len(chain.rows) >= _CHAIN_ROWS]
    return [
        chain
        for chain in long
        if any(chain.overlaps(other) for other in long if other is not chain)
    ]


def at_once(found: Sequence[Chain]) -> int:
    """How many of these chains were being written at the same moment, at most.

    An extra row can cut one writer's chain in two, which then follow one another.
    """
    starts = [chain.times[0] for chain in found]
    return max(
        (sum(c.times[0] <= t <= c.times[-1] for c in found) for t in starts),
        default=0,
    )


def gaps(
    times: Sequence[float], longer_than: float, since: float
) -> list[tuple[float, float]]:
    """Begin and end of every gap after ``since``; ``times`` in any order."""
    ordered = sorted(times)
    pairs = pairwise(ordered)
    return [(a, b) for a, b in pairs if b - a > longer_than and b > since]


def doubled_since(
    times: Sequence[float], window: float, rows: int
) -> tuple[float, float] | None:
    """The last stretch in which every window held ``rows`` or more: begin and end."""
    ordered = sorted(times)
    begin = end = None
    place = len(ordered) - 1
    while place >= rows - 1:
        first = ordered[place - rows + 1]
        if ordered[place] - first < window:
            end = ordered[place] if end is None else end
            begin = first
            place -= 1
        elif end is not None:
            break
        else:
            place -= 1
    return None if begin is None or end is None else (begin, end)
