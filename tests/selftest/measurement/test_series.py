"""Series: three members tell of all of them."""

import pytest

from kalshi_preflight.measurement.series import percentile, spread, steps

pytestmark = pytest.mark.selftest


def test_a_spread_is_made_of_members() -> None:
    """Of 1 to 100 the middle is 50, the 95th percentile 95 and the longest 100."""
    found = spread([float(n) for n in range(100, 0, -1)])
    assert found is not None
    assert (found.count, found.p50_ms, found.p95_ms, found.max_ms) == (100, 50, 95, 100)


@pytest.mark.parametrize("percent", [1, 50, 95, 100])
def test_one_time_is_every_percentile(percent: int) -> None:
    """A series of one has no other member."""
    assert percentile([7.0], percent) == 7.0


def test_nothing_has_no_spread() -> None:
    """No times give no numbers, not zeros."""
    assert spread([]) is None


def test_steps_are_between_neighbours() -> None:
    """Moments in seconds give the times between them in milliseconds."""
    assert steps([1.0, 1.5, 3.5]) == [500.0, 2000.0]
    assert steps([1.0]) == []
