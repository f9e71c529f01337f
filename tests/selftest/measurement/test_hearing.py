"""Hearing: ages of changes, and by how much the clocks differ."""

from typing import Any

import pytest

from kalshi_preflight.measurement.hearing import Hearing, corrected

pytestmark = pytest.mark.selftest

_NOW = 1_800_000_000.0


def tick(made: float, sent: float) -> dict[str, Any]:
    """A change that was made and sent at these Unix times."""
    return {
        "type": "orderbook_delta",
        "sending_ts_ms": round(sent * 1000),
        "msg": {"ts_ms": round(made * 1000)},
    }


@pytest.mark.parametrize("offset", [-90.0, -0.25, 0.0, 0.25, 90.0])
def test_ages_are_true_whatever_our_clock_says(offset: float) -> None:
    """A change is 0.5 s old if it was made 0.5 s ago, by any clock of ours."""
    hearing = Hearing()
    hearing.round_trips_ms = [40.0, 60.0]
    for second in range(3):
        sent = _NOW + second
        arrived = sent + 0.020  # half of the quickest round trip
        hearing.note(tick(arrived - 0.5, sent), second, arrived + offset)
    assert hearing.clock_offset_ms == pytest.approx(offset * 1000, abs=1)
    ages = corrected(hearing.ages_ms, hearing.clock_offset_ms)
    assert ages == pytest.approx([500, 500, 500], abs=2)


def test_without_times_of_sending_nothing_is_corrected() -> None:
    """Messages that do not say when they were sent give no offset."""
    hearing = Hearing()
    hearing.round_trips_ms = [40.0]
    message = tick(_NOW, _NOW)
    del message["sending_ts_ms"]
    hearing.note(message, 0.0, _NOW + 0.3)
    assert hearing.clock_offset_ms is None
    assert corrected(hearing.ages_ms, None) == pytest.approx([300])


@pytest.mark.parametrize("value", [None, "soon", True, 17, 1e40])
def test_what_is_no_time_is_left_out(value: object) -> None:
    """Seconds, words and nonsense in the place of milliseconds give no age."""
    hearing = Hearing()
    hearing.note({"type": "ticker", "msg": {"ts_ms": value}}, 0.0, _NOW)
    assert hearing.ages_ms == []
