"""The order books and the tape: a few dozen markets that move by themselves.

Prices are whole cents, sizes are hundredths of a contract; all chance is seeded.
"""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.credentials import invented_uuid
from kalshi_preflight.exchange.listings import EVENTS_PER_SERIES, LISTINGS, Listing

TAPE_LENGTH = 500
TRADE_SHARE = 0.3
LIFECYCLE_SHARE = 0.01
LEVELS = 4


@dataclass(eq=False)
class Market:
    """One market and its two bid ladders: price in cents → size in hundredths."""

    ticker: str
    market_id: str
    event: "Event"
    outcome: str
    status: str = "active"
    result: str = ""
    ladders: dict[str, dict[int, int]] = field(default_factory=dict)
    last_price: int = 0
    last_size: int = 0
    volume: int = 0
    open_interest: int = 0
    updated_ms: int = 0

    def best_bid(self, side: str) -> int:
        """Highest bid of a side in cents; 0 if there is none."""
        return max(self.ladders[side], default=0)

    def best_ask(self, side: str) -> int:
        """Lowest ask of a side in cents: the other side's best bid seen from here."""
        return 100 - self.best_bid(opposite(side))


@dataclass(eq=False)
class Event:
    """One event of a series, with its markets."""

    ticker: str
    listing: Listing
    opened_ms: int
    closes_ms: int
    markets: list[Market] = field(default_factory=list)


@dataclass(frozen=True)
class Trade:
    """One match on the tape."""

    trade_id: str
    ticker: str
    size: int
    yes_price: int
    taker: str
    at_ms: int


@dataclass(frozen=True)
class Move:
    """One change of one price level, and the trade behind it, if it was one.

    ``reschedules``: the market's event also got another time of closing.
    """

    market: Market
    side: str
    price: int
    delta: int
    at_ms: int
    trade: Trade | None = None
    reschedules: bool = False


def opposite(side: str) -> str:
    """``no`` for ``yes`` and the reverse."""
    return "no" if side == "yes" else "yes"


class Book:
    """Every market of the exchange."""

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance
        self.events: dict[str, Event] = {}
        self.markets: dict[str, Market] = {}
        self.tape: deque[Trade] = deque(maxlen=TAPE_LENGTH)
        for listing in LISTINGS:
            for number in range(EVENTS_PER_SERIES):
                self._list(listing, number)
        self._active = [m for m in self.markets.values() if m.status == "active"]
        for _ in range(4 * len(self._active)):
            self.move()

    def move(self) -> Move:
        """Change one level of one market, by a trade or by a quote."""
        market = self._chance.choice(self._active)
        trades = self._chance.random() < TRADE_SHARE
        move = self._trade(market) if trades else self._quote(market)
        if self._chance.random() < LIFECYCLE_SHARE:
            market.event.closes_ms += 60_000
            return replace(move, reschedules=True)
        return move

    def _list(self, listing: Listing, number: int) -> None:
        # Number 0 is settled, the others are open and close on the following days.
        day = self._clock.moment() + timedelta(days=number - 1)
        ticker = f"{listing.ticker}-{day:%y%b%d}".upper()
        closes_ms = self._clock.now_ms() + (number * 24 - 6) * 3_600_000
        event = Event(ticker, listing, closes_ms - 7 * 86_400_000, closes_ms)
        self.events[ticker] = event
        for market in self._markets(event, settled=number == 0):
            event.markets.append(market)
            self.markets[market.ticker] = market

    def _markets(self, event: Event, *, settled: bool) -> Iterator[Market]:
        winner = self._chance.choice(event.listing.outcomes)
        for suffix, outcome in event.listing.outcomes:
            market = Market(
                f"{event.ticker}-{suffix}", invented_uuid(self._chance), event, outcome
            )
            market.updated_ms = self._clock.now_ms()
            market.ladders = {"yes": {}, "no": {}}
            if settled:
                market.status = "finalized"
                market.result = "yes" if suffix == winner[0] else "no"
            else:
                self._open(market)
            yield market

    def _open(self, market: Market) -> None:
        middle = self._chance.randint(12, 88)
        for side, best in (("yes", middle - 1), ("no", 99 - middle)):
            for level in range(LEVELS):
                market.ladders[side][best - level] = self._size()
        market.last_price = middle
        market.open_interest = self._chance.randint(500, 90_000) * 100
        market.volume = market.open_interest + self._chance.randint(0, 50_000) * 100

    def _size(self) -> int:
        return self._chance.randint(1, 400) * 100

    def _trade(self, market: Market) -> Move:
        taker = self._chance.choice(("yes", "no"))
        side = opposite(taker)  # a taker of YES is matched with the best NO bid
        price = market.best_bid(side)
        size = self._taken(market, side, price)
        if size == 0:
            return self._quote(market)
        yes_price = price if side == "yes" else 100 - price
        now_ms = self._clock.now_ms()
        trade = Trade(
            invented_uuid(self._chance), market.ticker, size, yes_price, taker, now_ms
        )
        market.last_price, market.last_size = yes_price, size
        market.volume += size
        market.open_interest += size if self._chance.random() < 0.5 else 0
        self.tape.append(trade)
        return self._change(market, side, price, -size, trade)

    def _taken(self, market: Market, side: str, price: int) -> int:
        # The last level is never eaten up whole: no side of a book runs empty.
        rest = market.ladders[side][price]
        kept = 1 if len(market.ladders[side]) == 1 else 0
        return max(min(rest - kept, self._chance.randint(1, 40) * 100), 0)

    def _quote(self, market: Market) -> Move:
        side = self._chance.choice(("yes", "no"))
        ladder = market.ladders[side]
        best = market.best_bid(side)
        if len(ladder) < LEVELS:
            # Somebody improves the best bid if the spread allows, else joins below.
            improves = best + 1 < market.best_ask(side)
            price = best + 1 if improves else max(min(ladder) - 1, 1)
            return self._change(market, side, price, self._size())
        price = self._chance.choice(sorted(ladder))
        delta = self._chance.randint(1, 50) * 100
        if self._chance.random() < 0.5:
            delta = -min(delta, ladder[price])
        return self._change(market, side, price, delta)

    def _change(
        self,
        market: Market,
        side: str,
        price: int,
        delta: int,
        trade: Trade | None = None,
    ) -> Move:
        ladder = market.ladders[side]
        ladder[price] = ladder.get(price, 0) + delta
        if ladder[price] == 0:
            del ladder[price]
        market.updated_ms = self._clock.now_ms()
        return Move(market, side, price, delta, market.updated_ms, trade)
