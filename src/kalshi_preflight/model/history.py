"""What earlier runs say about an environment, as seen from one place."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.layer import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTimes:
    """How long one layer took, over the runs in which its step was taken.

    Percentiles are of ``samples`` steps that held, of all endpoints together, in
    milliseconds; ``None`` without a sample.
    """

    layer: Layer
    samples: int
    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One earlier run: when (UTC), its verdict, and the id of its root cause if any.

    ``elapsed_ms`` is the time of each layer whose step held, the slowest endpoint's.
    """

    started: datetime
    verdict: Reach
    cause: str | None
    elapsed_ms: dict[Layer, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseChange:
    """The last time that the root cause changed; ``None``: nothing was broken."""

    when: datetime
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentHistory:
    """The runs of one environment from one vantage point, the oldest first.

    ``availability`` is the share (0 to 1) of ``runs`` that were not unreachable.
    ``changes`` counts how often the root cause differed from the run before: many
    changes in few runs are flapping.
    """

    environment: str
    vantage: str
    runs: tuple[PastRun, ...]
    availability: float
    changes: int
    last_change: CauseChange | None
    layers: tuple[LayerTimes, ...]

    @property
    def flapping(self) -> bool:
        """Whether the cause changed in at least a third of the last dozen runs."""
        recent = [run.cause for run in self.runs[-13:]]
        changed = sum(a != b for a, b in pairwise(recent))
        return len(recent) > 3 and changed * 3 >= len(recent) - 1
