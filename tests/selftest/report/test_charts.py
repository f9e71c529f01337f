"""History as charts: nothing is drawn that was not measured."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kalshi_preflight.model.history import EnvironmentHistory, LayerTimes, PastRun
from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.charts import HEIGHT, SHOWN_RUNS, WIDTH, chart, line
from kalshi_preflight.report.html import summary_html
from tests.selftest.report.surveys import STARTED, healthy, made

pytestmark = pytest.mark.selftest


def past(*verdicts: Reach) -> EnvironmentHistory:
    """A history of such runs, an hour apart."""
    runs = tuple(
        PastRun(
            started=STARTED + timedelta(hours=number),
            verdict=verdict,
            cause="tcp-refused" if verdict is Reach.UNREACHABLE else None,
            elapsed_ms={Layer.DNS: 5.0 + number},
        )
        for number, verdict in enumerate(verdicts)
    )
    return EnvironmentHistory(
        environment="production",
        vantage="desk",
        runs=runs,
        availability=0.5,
        changes=1,
        last_change=None,
        layers=(
            LayerTimes(layer=Layer.DNS, samples=len(runs), p50_ms=5.0, p95_ms=9.0),
            LayerTimes(layer=Layer.FIX, samples=0, p50_ms=None, p95_ms=None),
        ),
    )


def test_the_worse_a_run_the_shorter_its_bar() -> None:
    """Height says the verdict, so that colour is not the only sign."""
    drawn = chart(past(Reach.REACHABLE, Reach.DEGRADED, Reach.UNREACHABLE))
    heights = [column.height for column in drawn.columns]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3
    assert drawn.counts == {"reachable": 1, "degraded": 1, "unreachable": 1}


def test_columns_stand_side_by_side_and_the_newest_count() -> None:
    """Of many runs the newest are shown; none reaches beyond the edge."""
    many = past(*[Reach.REACHABLE] * (SHOWN_RUNS + 5))
    drawn = chart(many)
    assert [column.run for column in drawn.columns] == list(many.runs[-SHOWN_RUNS:])
    assert all(c.begin + c.width <= 100 for c in drawn.columns)


def test_a_run_without_a_time_leaves_a_gap() -> None:
    """Two stretches, and a lonely run as a dash that stays on the canvas."""
    stretches = line([5.0, 6.0, None, 10.0])
    assert len(stretches) == 2
    for stretch in stretches:
        points = [tuple(map(float, p.split(","))) for p in stretch.split()]
        assert len(points) >= 2
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert line([]) == line([None]) == ()


def test_layers_without_samples_are_not_drawn() -> None:
    """What was never measured has no line and no percentiles."""
    drawn = chart(past(Reach.REACHABLE))
    assert [times.layer for times, _ in drawn.lines] == [Layer.DNS]


def test_the_page_tells_the_history_in_words_too() -> None:
    """Availability, changes and flapping are text; an empty history is not told."""
    known = past(*[Reach.REACHABLE, Reach.UNREACHABLE] * 4)
    markup = summary_html(made(healthy()), (known, replace(known, runs=())))
    assert markup.count("% available over") == 1
    assert "50.0 % available over 8 runs" in markup
    assert "flapping" in markup
    assert "4 reachable, 0 degraded, 4 unreachable" in markup
    assert "History" not in summary_html(made(healthy()))
