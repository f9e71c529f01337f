"""The arithmetic of the series: two engines are two, one engine is never two."""

import pytest

from kalshi_preflight.engine.series import (
    at_once,
    chains,
    doubled_since,
    gaps,
    writers,
)
from tests.selftest.engine.workspaces import series

pytestmark = pytest.mark.selftest

END = 1_795_000_000.0


def times(*ends: float, rows: int = 20) -> list[float]:
    """Times of one chain for each end, in order."""
    made = [float(row["unix"]) for end in ends for row in series(end, rows)]
    return sorted(made)


def test_one_engine_is_one() -> None:
    """A single chain, extra rows and all, has no second writer."""
    assert writers(chains(times(END, rows=300))) == []


@pytest.mark.parametrize("apart", [2, 8, 13, 22])
def test_two_engines_are_two(apart: float) -> None:
    """Two chains are told apart, however close together they run."""
    assert at_once(writers(chains(times(END, END - apart)))) == 2


def test_a_restart_is_one() -> None:
    """An engine that is stopped and started writes two chains that do not overlap."""
    before = [END - 300 - n * 30.2 for n in range(9)]
    after = [END - n * 30.2 for n in range(9)]
    assert writers(chains(sorted([*before, *after]))) == []


def test_gaps_are_found() -> None:
    """A gap is its begin and its end; what ended before the window is left out."""
    assert gaps([0, 30, 1000, 1030, 5000], 300, 1001) == [(1030, 5000)]


def test_the_doubled_stretch_has_a_beginning() -> None:
    """Where two engines started and stopped is told by the rate alone."""
    single = [END - n * 30.2 for n in range(1000)]
    double = [t - 13 for t in single if END - 7200 <= t <= END - 3600]
    found = doubled_since([*single, *double], 600, 30)
    assert found is not None
    begin, end = found
    assert abs(begin - (END - 7200)) < 620
    assert abs(end - (END - 3600)) < 620
