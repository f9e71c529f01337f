"""What a history says: percentiles a layer, availability, and how causes changed."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from kalshi_preflight.history.address import address_of
from kalshi_preflight.history.database import Database, Row, opened
from kalshi_preflight.model.history import (
    CauseChange,
    EnvironmentHistory,
    LayerTimes,
    PastRun,
)
from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret

#: So many runs of each environment and vantage point are looked at, the newest.
NEWEST_RUNS = 500
#: A newer kalshi-preflight may have written of layers that this one does not know.
_LAYERS = {layer.value for layer in Layer}

_PLACES = """
SELECT DISTINCT d.environment, r.vantage FROM preflight_diagnosis d
JOIN preflight_run r ON r.run_id = d.run_id
ORDER BY d.environment, r.vantage"""
_NEWEST = """
SELECT r.run_id, r.started, d.verdict, d.cause FROM preflight_run r
JOIN preflight_diagnosis d ON d.run_id = r.run_id
WHERE r.vantage = :vantage AND d.environment = :environment
ORDER BY r.started DESC, r.run_id DESC LIMIT :newest"""
# A step that did not hold has no time worth comparing: it ran into a deadline.
_TIMES = """
SELECT s.run_id, s.layer, s.elapsed_ms FROM preflight_step s
WHERE s.environment = :environment AND s.status IN ('ok', 'warned')
AND s.run_id IN (
    SELECT r.run_id FROM preflight_run r
    JOIN preflight_diagnosis d ON d.run_id = r.run_id
    WHERE r.vantage = :vantage AND d.environment = :environment
    ORDER BY r.started DESC, r.run_id DESC LIMIT :newest
)"""


def histories(
    url: Secret, *, limit: int = NEWEST_RUNS
) -> tuple[EnvironmentHistory, ...]:
    """The history of every environment from every vantage point, in alphabetical order.

    Of each the newest ``limit`` runs. Nothing was remembered: nothing is given, and no
    file is made. Raises :class:`~kalshi_preflight.history.errors.HistoryError`.
    """
    address = address_of(url)
    if address.server is None and (address.file is None or not address.file.exists()):
        return ()
    with opened(address) as database, database.transaction(writing=False):
        places = database.run(_PLACES)
        return tuple(
            _history(database, str(environment), str(vantage), limit)
            for environment, vantage in places
        )


def _history(
    database: Database, environment: str, vantage: str, limit: int
) -> EnvironmentHistory:
    told = {"environment": environment, "vantage": vantage, "newest": limit}
    rows = database.run(_NEWEST, told)[::-1]
    times = [row for row in database.run(_TIMES, told) if row[1] in _LAYERS]
    runs = tuple(_runs(rows, times))
    changes = [(a, b) for a, b in pairwise(runs) if a.cause != b.cause]
    reached = sum(run.verdict is not Reach.UNREACHABLE for run in runs)
    return EnvironmentHistory(
        environment=environment,
        vantage=vantage,
        runs=runs,
        availability=reached / len(runs) if runs else 0.0,
        changes=len(changes),
        last_change=_change(*changes[-1]) if changes else None,
        layers=tuple(_layer_times(times)),
    )


def _change(before: PastRun, after: PastRun) -> CauseChange:
    return CauseChange(when=after.started, before=before.cause, after=after.cause)


def _runs(rows: Sequence[Row], times: Sequence[Row]) -> Iterable[PastRun]:
    """The runs of these rows, each with the time of its slowest endpoint a layer."""
    slowest: dict[str, dict[Layer, float]] = defaultdict(dict)
    for run_id, name, elapsed_ms in times:
        layer, known = Layer(name), slowest[run_id]
        known[layer] = max(known.get(layer, 0.0), float(elapsed_ms))
    for run_id, started, verdict, cause in rows:
        yield PastRun(
            started=datetime.fromisoformat(started),
            verdict=Reach(verdict),
            cause=cause,
            elapsed_ms=slowest[run_id],
        )


def _layer_times(times: Sequence[Row]) -> Iterable[LayerTimes]:
    samples: dict[Layer, list[float]] = defaultdict(list)
    for _, name, elapsed_ms in times:
        samples[Layer(name)].append(float(elapsed_ms))
    for layer in Layer:
        if layer in samples:
            ranked = sorted(samples[layer])
            yield LayerTimes(
                layer=layer,
                samples=len(ranked),
                p50_ms=_percentile(ranked, 50),
                p95_ms=_percentile(ranked, 95),
            )


def _percentile(ranked: Sequence[float], percent: int) -> float:
    """The nearest rank: a time that was really seen, also of few samples."""
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]
