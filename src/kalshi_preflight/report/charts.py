"""History as charts: a strip of runs, and a line for each layer's times."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kalshi_preflight.model.history import EnvironmentHistory, LayerTimes, PastRun
from kalshi_preflight.model.journey import Reach

#: So many runs fit side by side on a phone; the newest count.
SHOWN_RUNS = 60
#: A bar's height in percent: the worse a run went, the shorter its bar.
_HEIGHTS = {Reach.REACHABLE: 100, Reach.DEGRADED: 60, Reach.UNREACHABLE: 25}
#: A line of times is drawn on a canvas of this size, then stretched.
WIDTH, HEIGHT = 100.0, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One run in the strip; all lengths are percent of the strip."""

    begin: float
    width: float
    height: int
    run: PastRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn of one environment as seen from one place."""

    history: EnvironmentHistory
    columns: tuple[Column, ...]
    counts: dict[str, int]
    lines: tuple[tuple[LayerTimes, tuple[str, ...]], ...]


def chart(history: EnvironmentHistory) -> Chart:
    """The chart of the newest :data:`SHOWN_RUNS` runs."""
    shown = history.runs[-SHOWN_RUNS:]
    counts = Counter(run.verdict.value for run in shown)
    return Chart(
        history=history,
        columns=columns(shown),
        counts={reach.value: counts[reach.value] for reach in Reach},
        lines=tuple(
            (times, line([run.elapsed_ms.get(times.layer) for run in shown]))
            for times in history.layers
            if times.samples
        ),
    )


def columns(runs: Sequence[PastRun]) -> tuple[Column, ...]:
    """A bar for each run, the oldest on the left."""
    room = 100 / max(len(runs), 12)
    return tuple(
        Column(
            begin=round(number * room, 3),
            width=round(room * 0.8, 3),
            height=_HEIGHTS[run.verdict],
            run=run,
        )
        for number, run in enumerate(runs)
    )


def line(times: Sequence[float | None]) -> tuple[str, ...]:
    """The points of each unbroken stretch; a run without a time leaves a gap.

    As SVG wants them, on a canvas of :data:`WIDTH` by :data:`HEIGHT`, zero at the foot.
    """
    top = max((time for time in times if time is not None), default=0.0) or 1.0
    room = WIDTH / max(len(times) - 1, 1)
    stretches: list[list[str]] = [[]]
    for number, time in enumerate(times):
        if time is None:
            stretches.append([])
            continue
        height = (HEIGHT - 2) * time / top
        stretches[-1].append(f"{number * room:.2f},{HEIGHT - 1 - height:.2f}")
    # One run alone is a point, which has no length: it is drawn as a dash.
    return tuple(" ".join(s if len(s) > 1 else _dash(s[0])) for s in stretches if s)


def _dash(point: str) -> list[str]:
    x, y = point.split(",")
    left = min(max(float(x) - 0.8, 0.0), WIDTH - 1.6)
    return [f"{left:.2f},{y}", f"{left + 1.6:.2f},{y}"]
