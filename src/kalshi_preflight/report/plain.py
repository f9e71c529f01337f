"""Any value, made fit for JSON and for a reader's screen.

What a server says is untrusted: it may be huge, steer a terminal, or run right to left.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import PurePath
from typing import Any
from uuid import UUID

from kalshi_preflight.model.secret import Secret

#: Characters of a text that are kept; what was cut is said at its end.
TEXT_LIMIT = 2000
#: Characters of a mapping's key that are kept.
KEY_LIMIT = 200
#: Members of one mapping or sequence that are kept.
MEMBER_LIMIT = 200
#: Levels of nesting that are kept; values may even contain themselves.
DEPTH_LIMIT = 8

# ECMA-48 control sequences go as a whole, or "[31m" would stay behind as litter.
_CONTROL_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
_LINE_BREAK = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
# C0, DEL and C1; soft hyphen; Arabic letter mark; zero width, direction marks,
# embeddings, isolates and other format characters (Unicode Bidi_Control, and Cf that
# make a text look like another one); lone surrogates; interlinear marks; tags.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SPEAKING = (
    *(IPv4Address, IPv6Address, IPv4Network, IPv6Network),
    *(UUID, Decimal, PurePath, date, time),
)
_LARGEST_EXACT = 2**53  # beyond it, a JSON reader that uses doubles would round


def plain_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """``text`` on one line, at most ``limit`` characters, nothing in it that acts.

    Line breaks and tabs become one space each; control sequences, control and format
    characters and lone surrogates go.
    """
    # Cleaning only shortens: a slice four times as long is enough, whatever was sent.
    cleaned = _CONTROL_SEQUENCE.sub("", text[: 4 * limit])
    cleaned = _UNSEEN.sub("", _LINE_BREAK.sub(" ", cleaned))
    if len(cleaned) <= limit and len(text) <= 4 * limit:
        return cleaned
    remark = f" ... [cut, {len(text)} characters]"
    return cleaned[: max(0, limit - len(remark))] + remark


def plain_value(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """``value`` as JSON can say it: never fails, never grows without bound.

    Enums give their value, times ISO 8601 (UTC as ``Z``), bytes text with what is
    not UTF-8 in hexadecimal, NaN and infinities their names, durations seconds; a
    :class:`Secret` gives its mask; an object of an unknown kind only its type's name.
    """
    if isinstance(value, Enum):
        return plain_value(value.value, depth)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Secret):
        return "[redacted]"
    if depth == 0 and not isinstance(value, str | bytes):
        return "..."
    return _composed(value, depth)


def _composed(value: Any, depth: int) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return _members(value, depth - 1)
    if isinstance(value, list | tuple):
        return _sequence(value, depth - 1)
    if isinstance(value, set | frozenset):
        return sorted(_sequence(value, depth - 1), key=str)
    return _spoken(value)


def _members(mapping: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    kept = list(mapping.items())[:MEMBER_LIMIT]
    return {_key(key): plain_value(member, depth) for key, member in kept}


def _key(key: Any) -> str:
    return plain_text(str(plain_value(key, 0)), KEY_LIMIT)


def _sequence(members: Iterable[Any], depth: int) -> list[Any]:
    everything = list(members)
    kept = [plain_value(member, depth) for member in everything[:MEMBER_LIMIT]]
    if len(everything) > MEMBER_LIMIT:
        kept.append(f"... [cut, {len(everything)} members]")
    return kept


def _spoken(value: Any) -> str:
    if isinstance(value, str):
        return plain_text(str(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return plain_text(bytes(value).decode("utf-8", "backslashreplace"))
    if isinstance(value, datetime):
        return timestamp(value) if value.tzinfo else value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds()} s"
    return plain_text(_named(value))


def _named(value: Any) -> str:
    if isinstance(value, _SPEAKING):
        return str(value)
    kind = type(value).__name__
    if isinstance(value, BaseException):
        return f"{kind}: {', '.join(str(plain_value(part, 1)) for part in value.args)}"
    return f"<{kind}>"


def _number(number: float) -> float | int | str:
    if isinstance(number, int):
        # Hexadecimal, because Python refuses to write huge integers in decimal.
        return number if abs(number) < _LARGEST_EXACT else plain_text(f"{number:#x}")
    return number if math.isfinite(number) else str(number)


def timestamp(moment: datetime) -> str:
    """``moment`` in UTC as ``2026-11-21T22:00:00.000Z``."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"
