"""The exchange's schedule: when will it next take no orders?

Times of day are Eastern Time; a day's entries are when it is open, "00:00" to "00:00"
all day long (docs.kalshi.com, get-exchange-schedule).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from kalshi_preflight.model.measurement import Pause

_DAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
#: A week that begins now, and what lies over its end.
_LOOK_AHEAD_DAYS = 9
_Stretch = tuple[datetime, datetime]


def next_pause(document: Any, now: datetime) -> Pause | None:
    """The stretch without trading that is on, or comes next; ``None`` if none is known.

    ``document`` is the answer of ``GET /exchange/schedule``. Raises nothing: what has
    another shape announces nothing.
    """
    schedule = document.get("schedule") if isinstance(document, Mapping) else None
    if not isinstance(schedule, Mapping):
        return None
    pauses = [(*stretch, "maintenance") for stretch in _maintenance(schedule)]
    pauses += [
        (*stretch, "outside trading hours") for stretch in _closed(schedule, now)
    ]
    coming = sorted(pause for pause in pauses if pause[1] > now)
    if not coming:
        return None
    begins, ends, why = coming[0]
    return Pause(begins=_utc(begins), ends=_utc(ends), why=why)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _maintenance(schedule: Mapping[str, Any]) -> Iterator[_Stretch]:
    for window in _rows(schedule, "maintenance_windows"):
        begins, ends = (
            _moment(window.get("start_datetime")),
            _moment(window.get("end_datetime")),
        )
        if begins is not None and ends is not None:
            yield begins, ends


def _closed(schedule: Mapping[str, Any], now: datetime) -> Iterator[_Stretch]:
    """What lies between the hours of the week that is valid now."""
    week = next((w for w in _rows(schedule, "standard_hours") if _valid(w, now)), None)
    if week is None:
        return
    opened = sorted(_open(week, now))
    for (_, closes), (opens, _) in pairwise(opened):
        if closes < opens:
            yield closes, opens


def _valid(week: Mapping[str, Any], now: datetime) -> bool:
    begins, ends = _moment(week.get("start_time")), _moment(week.get("end_time"))
    return (begins is None or begins <= now) and (ends is None or now < ends)


def _open(week: Mapping[str, Any], now: datetime) -> Iterator[_Stretch]:
    """The open stretches from yesterday on, in UTC: a day may have 23 or 25 hours."""
    eastern = ZoneInfo("America/New_York")
    today = now.astimezone(eastern).date()
    for number in range(-1, _LOOK_AHEAD_DAYS):
        day = today + timedelta(days=number)
        for hours in _rows(week, _DAYS[day.weekday()]):
            opens, closes = (
                _clock(hours.get("open_time")),
                _clock(hours.get("close_time")),
            )
            if opens is None or closes is None:
                continue
            last = day if closes > opens else day + timedelta(days=1)
            yield (
                datetime.combine(day, opens, eastern).astimezone(UTC),
                datetime.combine(last, closes, eastern).astimezone(UTC),
            )


def _rows(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = document.get(name)
    return [r for r in rows if isinstance(r, Mapping)] if isinstance(rows, list) else []


def _clock(value: object) -> time | None:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
