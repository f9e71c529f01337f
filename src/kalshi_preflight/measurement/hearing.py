"""What is heard on a stream: messages in, numbers out; no socket, the times given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalshi_preflight.measurement.books import Timeline
from kalshi_preflight.measurement.sequence import Sequences

#: Changes: they carry the time of their making. A snapshot has none.
_TICKS = ("orderbook_delta", "ticker", "trade")
#: So many ages are kept, of hours.
_MOST_AGES = 200_000


@dataclass(slots=True, kw_only=True)
class Hearing:
    """Notes every message of one environment's stream.

    ``ages_ms`` and ``delays_ms`` are by the sender's clock and ours, uncorrected:
    since the change was made, and since the message was sent.
    """

    timeline: Timeline | None = None
    sequences: Sequences = field(default_factory=Sequences)
    frames: int = 0
    acknowledged_ms: float | None = None
    first_snapshot_ms: float | None = None
    first_delta_ms: float | None = None
    error: dict[str, str] | None = None
    ages_ms: list[float] = field(default_factory=list)
    least_delay_ms: float | None = None
    round_trips_ms: list[float] = field(default_factory=list)
    fresh: bool = False
    _subscribed_at: float = 0.0

    def subscribe(self, at: float) -> None:
        """A subscription was sent, at this monotonic time, on a new connection."""
        self._subscribed_at = at
        self.fresh = False
        self.sequences.forget()

    def lose(self, at: float) -> None:
        """The connection is gone: what the book is now is not known."""
        if self.timeline is not None:
            self.timeline.lose(at)

    def note(self, message: Mapping[str, Any], at: float, unix: float) -> None:
        """Note one message that came at this monotonic and this Unix time."""
        self.frames += 1
        whole = self.sequences.note(message)
        if self.timeline is not None:
            if not whole:
                self.timeline.lose(at)
            self.timeline.note(message, at)
        since_ms = round((at - self._subscribed_at) * 1000, 1)
        self._note_kind(str(message.get("type")), message, since_ms)
        self._note_clock(message, unix)

    def _note_kind(
        self, kind: str, message: Mapping[str, Any], since_ms: float
    ) -> None:
        if kind == "subscribed":
            self.acknowledged_ms = _first(self.acknowledged_ms, since_ms)
        elif kind == "error":
            inner = message.get("msg")
            details = inner if isinstance(inner, Mapping) else {"msg": inner}
            code, text = details.get("code", "none"), details.get("msg") or "no words"
            self.error = {"code": str(code)[:20], "text": str(text)[:200]}
        elif kind == "orderbook_snapshot":
            self.first_snapshot_ms = _first(self.first_snapshot_ms, since_ms)
            self.fresh = True
        elif kind in _TICKS:
            if kind == "orderbook_delta":
                self.first_delta_ms = _first(self.first_delta_ms, since_ms)
            self.fresh = True

    def _note_clock(self, message: Mapping[str, Any], unix: float) -> None:
        sent_ms = _milliseconds(message.get("sending_ts_ms"))
        if sent_ms is not None:
            delay_ms = unix * 1000 - sent_ms
            least = self.least_delay_ms
            self.least_delay_ms = delay_ms if least is None else min(least, delay_ms)
        inner = message.get("msg")
        if message.get("type") in _TICKS and isinstance(inner, Mapping):
            made_ms = _milliseconds(inner.get("ts_ms"))
            if made_ms is not None and len(self.ages_ms) < _MOST_AGES:
                self.ages_ms.append(unix * 1000 - made_ms)

    @property
    def clock_offset_ms(self) -> float | None:
        """By how much our clock is ahead, from the times of sending.

        The quickest message took half of the quickest round trip; what is left of its
        delay is the clocks' difference (the reckoning of NTP, RFC 5905 §8).
        """
        if self.least_delay_ms is None or not self.round_trips_ms:
            return None
        return round(self.least_delay_ms - min(self.round_trips_ms) / 2, 1)


def _first(known: float | None, new: float) -> float:
    return new if known is None else known


def _milliseconds(value: object) -> float | None:
    """A Unix time in milliseconds, if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 1e12 < value < 1e13 else None


def corrected(ages_ms: Sequence[float], offset_ms: float | None) -> list[float]:
    """Ages as they would be if both clocks agreed."""
    return [age - (offset_ms or 0.0) for age in ages_ms]
