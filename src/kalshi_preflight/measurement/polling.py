"""Polling as a program would do it: rounds at an interval, one connection, signed."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from kalshi_preflight.measurement.books import Seen, Timeline, fingerprint, rest_book
from kalshi_preflight.measurement.calls import Call, Caller
from kalshi_preflight.measurement.series import spread, steps
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.measurement import Polling

#: The markets that are watched are chosen among so many trades, or else listings.
_LOOKED_AT = 100
#: So many markets the stream is subscribed to.
MOST_TICKERS = 10
#: Troubles of one kind are kept once, and of so many kinds.
_MOST_TROUBLES = 5
#: An ``Age`` beyond this is no age (ten years).
_OLDEST_SECONDS = 3e8
#: Each round with a 429 doubles the interval, up to this many times.
_MOST_DOUBLINGS = 5


async def busiest(caller: Caller) -> list[str]:
    """The markets that were traded last, the busiest first.

    An unfiltered listing is almost all combos that nobody trades; the tape is not.
    """
    tape = await caller.get(f"/markets/trades?limit={_LOOKED_AT}")
    found = _tickers(tape.document, "trades")
    ranked = sorted(dict.fromkeys(found), key=found.count, reverse=True)
    if len(ranked) < MOST_TICKERS:
        listed = await caller.get(f"/markets?status=open&limit={MOST_TICKERS}")
        ranked += _tickers(listed.document, "markets")
    return list(dict.fromkeys(ranked))[:MOST_TICKERS]


def _tickers(document: Any, member: str) -> list[str]:
    rows = document.get(member) if isinstance(document, dict) else None
    listed = rows if isinstance(rows, list) else []
    tickers = [row.get("ticker") for row in listed if isinstance(row, dict)]
    return [ticker for ticker in tickers if isinstance(ticker, str) and ticker]


@dataclass(slots=True, kw_only=True)
class Poller:
    """Polls one market for so many seconds; ``calls`` and ``seen`` are what it saw."""

    caller: Caller
    ticker: str
    seconds: float
    interval_seconds: float
    calls: list[Call] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    _completed: list[float] = field(default_factory=list)
    _first: float = 0.0
    _unchanged: int = 0
    _same_since: tuple[int, float] | None = None
    _unchanged_seconds: float = 0.0
    _doublings: int = 0

    async def run(self) -> None:
        """Make the rounds on a fixed grid; a late round skips what it has missed."""
        now = asyncio.get_running_loop().time
        begin = next_round = now()
        while next_round <= begin + self.seconds:
            await asyncio.sleep(max(0.0, next_round - now()))
            await self._round()
            every = self.interval_seconds * 2**self._doublings
            next_round = max(next_round + every, now())

    async def _round(self) -> None:
        ticker = quote(self.ticker, safe="")
        if ticker:
            market = await self._call(f"/markets?tickers={ticker}")
            book = await self._call(f"/markets/{ticker}/orderbook")
        else:  # no market is known: the listing itself still shows the way
            market = book = await self._call(f"/markets?limit={_LOOKED_AT}")
        self._completed.append(book.received)
        self._compare(book)
        if 429 in (market.status, book.status):
            self._doublings = min(self._doublings + 1, _MOST_DOUBLINGS)

    async def _call(self, path: str) -> Call:
        call = await self.caller.get(path)
        self.calls.append(call.slim)
        return call

    def _compare(self, call: Call) -> None:
        book = rest_book(call.document)
        if book is None:
            return
        shown = fingerprint(book)
        self.seen.append(Seen(shown, call.sent, call.received))
        if self._same_since is not None and self._same_since[0] == shown:
            self._unchanged += 1
            same_for = call.received - self._same_since[1]
            self._unchanged_seconds = max(self._unchanged_seconds, same_for)
        else:
            self._same_since = shown, call.received

    def result(self, timeline: Timeline | None) -> Polling:
        """What was measured; with the stream's timeline also the lag of the books."""
        answered = [call for call in self.calls if call.problem is None]
        ages = [age for call in answered if (age := _age(call.evidence)) is not None]
        lags, unlike = timeline.lags_ms(self.seen) if timeline else ([], 0)
        return Polling(
            address=self.caller.address,
            ticker=self.ticker,
            interval_ms=self.interval_seconds * 1000,
            seconds=round(self._spent_seconds(), 2),
            rounds=len(self._completed),
            calls=len(self.calls),
            answers=len(answered),
            connections=self.caller.connections,
            rounds_every=spread(steps(self._completed)),
            latency=spread([call.evidence.elapsed_ms for call in answered]),
            errors=_counted(self.calls),
            rate_limited=sum(call.status == 429 for call in self.calls),
            copies=len(ages),
            oldest_copy_seconds=max(ages, default=None),
            unchanged=self._unchanged,
            unchanged_ms=round(self._unchanged_seconds * 1000),
            book_lag=spread(lags),
            books_unlike=unlike,
            troubles=tuple(_first_of_each(self.calls)),
        )

    def _spent_seconds(self) -> float:
        if not self.calls:
            return 0.0
        return self.calls[-1].received - self.calls[0].sent


def _age(evidence: Evidence) -> float | None:
    """The age of a copy in seconds, as its keeper tells it (RFC 9111 §5.1)."""
    headers = evidence.facts.get("headers", {})
    # "RefreshHit": the copy was compared with the original and found current.
    hit = str(headers.get("x-cache", "")).lower().startswith("hit")
    try:
        age = float(headers.get("age", "0"))
    except ValueError:
        age = 0.0
    return age if hit or 0 < age < _OLDEST_SECONDS else None


def _counted(calls: list[Call]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for call in calls:
        if call.problem is not None:
            counts[call.problem] = counts.get(call.problem, 0) + 1
    return counts


def _first_of_each(calls: list[Call]) -> list[Evidence]:
    first: dict[str, Evidence] = {}
    for call in calls:
        if call.problem is not None and len(first) < _MOST_TROUBLES:
            first.setdefault(call.problem, call.evidence)
    return list(first.values())
