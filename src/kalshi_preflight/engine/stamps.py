"""Time stamps as writers leave them: parsed tolerantly, their form remembered."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_PLAIN = re.compile(r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?")
_ZONE = re.compile(r"(?: ?UTC| ?GMT|[zZ]|[+-]\d\d:?\d\d)$")
_NUMBER = re.compile(r"\d{10}(?:\.\d+)?|\d{13}|\d{16}|\d{19}")
_SEPARATORS = {" ": "naive-space", "T": "naive-T"}
#: Digits of an epoch before its point, and what a second is worth in it.
_EPOCHS = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A parsed time; ``form`` is how it was written, ``aware`` whether with a zone.

    ``unix`` of a naive stamp takes it for UTC.
    """

    unix: float
    form: str
    aware: bool


def parse(value: Any) -> Stamp | None:
    """The stamp of a column's value; ``None`` if it fits no accepted form."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _epoch(f"{value:.6f}".rstrip("0").rstrip("."))
    if not isinstance(value, str):
        return None
    text = value.strip()
    if _is_plain(text):
        return _plain(text)
    if _NUMBER.fullmatch(text):
        return _epoch(text)
    return _written(text)


def _is_plain(text: str) -> bool:
    """Whether it is a naive time to the second, or as ``logging`` writes it."""
    if len(text) not in (19, 23) or text[4] != "-" or text[10] not in _SEPARATORS:
        return False
    return len(text) == 19 or (text[19] in ",." and text[20:].isdigit())


def _plain(text: str) -> Stamp | None:
    """The forms that engines write thousands of times a day, without the detours."""
    try:
        moment = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None
    unix = moment.replace(tzinfo=UTC).timestamp()
    return Stamp(unix, _SEPARATORS[text[10]], aware=False)


def _epoch(text: str) -> Stamp | None:
    digits = len(text.partition(".")[0])
    if digits not in _EPOCHS:
        return None
    return Stamp(float(text) / _EPOCHS[digits], f"epoch-{digits}", aware=True)


def _written(text: str) -> Stamp | None:
    zone = _ZONE.search(text)
    bare = text[: zone.start()] if zone else text
    plain = _PLAIN.fullmatch(bare)
    if plain is None:
        return None
    written = bare.replace(",", ".")
    head, point, fraction = written.partition(".")
    try:
        moment = datetime.fromisoformat(head + point + fraction[:6])
    except ValueError:
        return None
    offset = _offset_seconds(zone[0].strip()) if zone else 0.0
    separator = "space" if plain[1] == " " else "T"
    form = f"{'aware' if zone else 'naive'}-{separator}"
    unix = moment.replace(tzinfo=UTC).timestamp() - offset
    return Stamp(unix, form, aware=zone is not None)


def _offset_seconds(zone: str) -> float:
    if zone[0] not in "+-":
        return 0.0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return float(-seconds if zone[0] == "-" else seconds)


def spoken(unix: float | None) -> str:
    """A time for a sentence, in UTC, to the second."""
    if unix is None:
        return "an unknown time"
    return f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%d %H:%M:%S} UTC"


def lasting(seconds: float) -> str:
    """A duration for a sentence: ``42 seconds``, ``17 minutes``, ``9.1 hours``."""
    length = abs(seconds)
    if length < 120:
        return f"{length:.0f} seconds"
    if length < 7200:
        return f"{length / 60:.0f} minutes"
    return (
        f"{length / 3600:.1f} hours"
        if length < 172_800
        else f"{length / 86_400:.1f} days"
    )
