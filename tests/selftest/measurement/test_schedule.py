"""The schedule: when is the next pause, in UTC, whatever the season?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from kalshi_preflight.measurement.schedule import next_pause

pytestmark = pytest.mark.selftest

_ALWAYS = [{"open_time": "00:00", "close_time": "00:00"}]
_DAYS = ("monday", "tuesday", "wednesday", "friday", "saturday", "sunday")


def schedule(*maintenance: tuple[str, str]) -> dict[str, Any]:
    """Open all week but on Thursdays from 03:00 to 05:00 Eastern Time."""
    thursday = [
        {"open_time": "00:00", "close_time": "03:00"},
        {"open_time": "05:00", "close_time": "00:00"},
    ]
    week = {**dict.fromkeys(_DAYS, _ALWAYS), "thursday": thursday}
    windows = [
        {"start_datetime": begins, "end_datetime": ends} for begins, ends in maintenance
    ]
    return {"schedule": {"standard_hours": [week], "maintenance_windows": windows}}


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-22T04:00", "2026-11-26T08:00Z"),
        ("2026-07-01T12:00", "2026-07-02T07:00Z"),
        ("2026-07-02T08:59", "2026-07-02T07:00Z"),
        ("2026-07-02T09:00", "2026-07-09T07:00Z"),
        ("2026-10-31T12:00", "2026-11-05T08:00Z"),
    ],
    ids=["winter", "summer", "in it", "just over", "over the change"],
)
def test_thursdays_pause(now: str, begins: str) -> None:
    """03:00 Eastern Time is 08:00 UTC in winter and 07:00 UTC in summer."""
    found = next_pause(schedule(), at(now))
    assert found is not None
    assert found.begins == begins


def test_maintenance_comes_first_if_it_is_sooner() -> None:
    """An announced window stands beside the hours; the sooner of both is told."""
    window = ("2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")
    found = next_pause(schedule(window), at("2026-11-22T04:00"))
    assert found is not None
    assert (found.begins, found.why) == ("2026-11-23T01:00Z", "maintenance")


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"schedule": []},
        {"schedule": {"standard_hours": None, "maintenance_windows": [1]}},
        {"schedule": {"standard_hours": [{"monday": [{"open_time": "later"}]}]}},
    ],
)
def test_another_shape_announces_nothing(document: Any) -> None:
    """What cannot be read is no pause, and no error."""
    found = next_pause(document, at("2026-11-22T04:00"))
    assert found is None
