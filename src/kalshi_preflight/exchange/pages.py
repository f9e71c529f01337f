"""Limits, cursors and filters of listings."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.message import Response

Item = TypeVar("Item")
Query = Mapping[str, list[str]]


class Refused(Exception):
    """A request that is answered with a refusal."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True)
class Limit:
    """The range of an endpoint's ``limit``, and how it refuses what lies above."""

    operation: str
    default: int = 100
    maximum: int = 1000
    refusal: Callable[[str], Response] = refusals.limit_over_maximum

    def of(self, query: Query) -> int:
        """Parse; raises ``Refused``. Zero means the default."""
        wanted = number(query, "limit", self.default)
        if wanted > self.maximum or wanted < 0:
            raise Refused(self.refusal(self.operation))
        return wanted or self.default


def first(query: Query, name: str) -> str | None:
    """First value of a parameter; None if it is absent or empty."""
    values = query.get(name)
    return values[0] if values and values[0] else None


def number(query: Query, name: str, default: int) -> int:
    """Parse an integer parameter; raises ``Refused`` with the binding error."""
    text = first(query, name)
    try:
        return default if text is None else int(text)
    except ValueError:
        raise Refused(refusals.malformed_parameter(name)) from None


def page(items: Sequence[Item], query: Query, limit: Limit) -> tuple[list[Item], str]:
    """One page and the next cursor, which is empty on the last page.

    An invented cursor is not refused: it starts over, as seen on the demo exchange.
    """
    size = limit.of(query)
    start = _offset(first(query, "cursor"))
    end = start + size
    return list(items[start:end]), _cursor(end) if end < len(items) else ""


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode().rstrip("=")


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        kind, _, offset = base64.urlsafe_b64decode(padded).decode().partition(":")
        return int(offset) if kind == "offset" else 0
    except (binascii.Error, ValueError):
        return 0
