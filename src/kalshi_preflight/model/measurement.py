"""Measurements: what an open way to trade is worth, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kalshi_preflight.model.cause import Cause
from kalshi_preflight.model.evidence import Evidence

#: A copy or a book that is older than this (and than one round) is stale.
STALE_MS = 1000.0
#: A request that takes longer is slow, as on the HTTP layer.
SLOW_CALL_MS = 2000.0
#: A ping that takes longer is slow, as on the WebSocket layer.
SLOW_PING_MS = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Times of one kind: how many, the middle one, the 95th percentile, the longest."""

    count: int
    p50_ms: float
    p95_ms: float
    max_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the exchange lets this account read, as it states it itself.

    ``call_tokens`` is the price of one order book; ``calls_each_second`` is what the
    refill pays for, so one call a ticker polls as many tickers each second.
    """

    tier: str
    tokens_each_second: float
    burst_tokens: float
    call_tokens: float

    @property
    def calls_each_second(self) -> float:
        """How many order books the refill pays for, each second."""
        return self.tokens_each_second / self.call_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """Rounds of ``GET /markets`` and one order book, over one kept-alive connection.

    ``rounds_every`` is the time from one completed round to the next; ``copies`` are
    answers out of a cache, the oldest ``oldest_copy_seconds`` old by its ``Age``
    header; ``unchanged`` are order books like the one before, for ``unchanged_ms`` at
    the longest. ``book_lag`` is how far order books were behind the WebSocket's,
    ``books_unlike`` how many matched none of its states. ``errors`` count by kind of
    failure or by status; ``troubles`` are the first of each.
    """

    address: str
    ticker: str
    interval_ms: float
    seconds: float
    rounds: int = 0
    calls: int = 0
    answers: int = 0
    connections: int = 1
    rounds_every: Spread | None = None
    latency: Spread | None = None
    errors: Mapping[str, int] = field(default_factory=dict)
    rate_limited: int = 0
    copies: int = 0
    oldest_copy_seconds: float | None = None
    unchanged: int = 0
    unchanged_ms: float = 0.0
    book_lag: Spread | None = None
    books_unlike: int = 0
    troubles: tuple[Evidence, ...] = ()

    @property
    def calls_each_second(self) -> float:
        """How many calls were answered, each second."""
        return self.answers / self.seconds if self.seconds else 0.0

    @property
    def tolerated_ms(self) -> float:
        """How old an answer may be: as old as the one of the round before."""
        return max(self.interval_ms, STALE_MS)

    @property
    def stale(self) -> bool:
        """Whether answers were older than a round: by their age, or by the stream."""
        age_ms = (self.oldest_copy_seconds or 0.0) * 1000
        lag_ms = self.book_lag.p50_ms if self.book_lag else 0.0
        return max(age_ms, lag_ms) > self.tolerated_ms

    @property
    def slow(self) -> bool:
        """Whether half of the calls took longer than a call may take."""
        return self.latency is not None and self.latency.p50_ms > SLOW_CALL_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaming:
    """One WebSocket, listened to, cut off at the end and opened again.

    ``acknowledged_ms``, ``first_snapshot_ms`` and ``first_delta_ms`` count from the
    subscription; ``tick_age`` is the age of changes by their own timestamps, corrected
    by ``clock_offset_ms`` (ours ahead is positive; ``None``: it could not be measured,
    and nothing was corrected). ``gaps`` in the sequence numbers miss ``missing``
    frames. ``drops`` are ends of the connection that we did not want; ``reconnect_ms``
    is from the cut that we made to the first frame of data. ``troubles`` are the
    evidence of what went wrong.
    """

    address: str
    tickers: int
    seconds: float
    upgrade_ms: float | None = None
    acknowledged_ms: float | None = None
    first_snapshot_ms: float | None = None
    first_delta_ms: float | None = None
    ping: Spread | None = None
    tick_age: Spread | None = None
    clock_offset_ms: float | None = None
    frames: int = 0
    gaps: int = 0
    missing: int = 0
    drops: int = 0
    reconnect_ms: float | None = None
    troubles: tuple[Evidence, ...] = ()

    @property
    def frames_each_second(self) -> float:
        """How many messages came, each second."""
        return self.frames / self.seconds if self.seconds else 0.0

    @property
    def slow(self) -> bool:
        """Whether half of the pings took longer than a ping may take."""
        return self.ping is not None and self.ping.p50_ms > SLOW_PING_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch in which no order is taken, by the exchange's own schedule (UTC)."""

    begins: str
    ends: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What there is to know of placing orders without placing one.

    ``signed_read_ms`` is the quickest signed read; ``scopes`` are the key's own as
    ``GET /api_keys`` lists them; ``location_until`` is when the location check of the
    account lapses (a date that is past has lapsed). ``None`` is what the exchange did
    not say; ``refused`` says with which status it refused to, by path.
    """

    signed_read_ms: float | None = None
    scopes: tuple[str, ...] | None = None
    location_until: str | None = None
    location_lapsed: bool | None = None
    exchange_active: bool | None = None
    trading_active: bool | None = None
    next_pause: Pause | None = None
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_order(self) -> bool | None:
        """Whether the key's scopes hold orders; ``None`` if they are not known."""
        if self.scopes is None:
            return None
        return any(scope in ("write", "write::trade") for scope in self.scopes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One environment, measured: what was open, and nothing else.

    ``closed`` says of each part that was not measured why (``blocked by <cause>``,
    ``not configured: …``, ``nothing to ask: …``); ``causes`` are warnings.
    """

    environment: str
    seconds: float
    tokens: float = 0.0
    polling: Polling | None = None
    budget: Budget | None = None
    streaming: Streaming | None = None
    readiness: Readiness | None = None
    closed: Mapping[str, str] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()

    def part(self, name: str) -> Any:
        """One part by its name, or ``None`` if it was not measured."""
        return getattr(self, name)
