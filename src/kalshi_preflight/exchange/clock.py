"""The exchange's clock: injectable, and skewed where a fault asks for it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime


class Clock:
    """Wall time as the exchange sees it: ``read()`` plus ``offset_seconds``.

    ``read`` returns Unix seconds. Every date that leaves the exchange, and every
    judgement of a client's timestamp, comes from here.
    """

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read
        self.offset_seconds = 0.0

    def now(self) -> float:
        """Unix seconds."""
        return self._read() + self.offset_seconds

    def now_ms(self) -> int:
        """Unix milliseconds, as in ``KALSHI-ACCESS-TIMESTAMP``."""
        return int(self.now() * 1000)

    def moment(self) -> datetime:
        """Return the same as an aware ``datetime`` in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def http_date(self) -> str:
        """``Date`` header value (RFC 9110, 5.6.7)."""
        return format_datetime(self.moment(), usegmt=True)


def rfc3339(moment: datetime, *, fraction: bool = False) -> str:
    """Format a UTC moment as the exchange writes it: ``2026-06-11T06:31:29.95Z``."""
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if fraction:
        text += moment.strftime(".%f").rstrip("0").rstrip(".")
    return text + "Z"
