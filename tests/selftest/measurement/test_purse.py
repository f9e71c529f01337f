"""The purse: never more than a fifth of what the smallest tier allows."""

import pytest

from kalshi_preflight.measurement.extent import Extent
from kalshi_preflight.measurement.purse import Purse, allowance

pytestmark = pytest.mark.selftest


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now


def test_never_more_than_a_fifth() -> None:
    """Whoever always waits as told has never paid over a fifth of the allowance."""
    hand = Hand()
    purse = Purse(hand, spent=30.0)
    for _ in range(500):
        hand.now += purse.wait_seconds(10.0)
        purse.pay(10.0)
        assert purse.paid <= allowance(hand.now) / 5 + 1e-6
    assert hand.now > 100, "the burst alone does not pay for all of it"


def test_what_is_owed_is_waited_for() -> None:
    """An empty purse makes wait for as long as the refill of a fifth takes."""
    hand = Hand()
    purse = Purse(hand, spent=120.0)
    assert purse.wait_seconds(10.0) == pytest.approx(0.25)
    hand.now = 0.25
    assert purse.wait_seconds(10.0) == pytest.approx(0.0)


@pytest.mark.parametrize("seconds", [None, 1, 2, 10, 60, 3600])
def test_every_extent_fits_into_the_purse(seconds: float | None) -> None:
    """What is announced is under a fifth of the allowance, the survey included."""
    extent = Extent.of(seconds)
    assert 10 * extent.calls + 30 < allowance(extent.seconds) / 5
    share = int(extent.announcement().split(" % ")[0].rsplit(" ", 1)[1])
    assert 0 < share < 20
