"""The account: orders, what was filled of them, and the positions that follow.

It starts with bought positions and a few resting orders. The market may fill a resting
order; no request of a client can change anything. Prices are cents, sizes hundredths of
a contract, and cost is therefore in ten-thousandths of a dollar.
"""

import random
from dataclasses import dataclass, field

from kalshi_preflight.exchange.book import Book, Market, Trade
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.credentials import invented_uuid

HOLDINGS = 3
RESTING = 2
ORDER_SIZE = 300
FEE_PER_CONTRACT = 63  # ten-thousandths of a dollar


@dataclass(eq=False)
class Order:
    """An order to buy YES."""

    order_id: str
    client_order_id: str
    market: Market
    price: int
    created_ms: int
    size: int = ORDER_SIZE
    filled: int = 0
    is_taker: bool = False

    @property
    def status(self) -> str:
        """``executed`` once nothing is left of it."""
        return "resting" if self.filled < self.size else "executed"

    @property
    def fees(self) -> int:
        """Fees paid; makers pay none."""
        return FEE_PER_CONTRACT * self.filled // 100 if self.is_taker else 0


@dataclass(frozen=True)
class Fill:
    """A part of an order that was matched."""

    trade_id: str
    order: Order
    size: int
    at_ms: int
    is_taker: bool

    @property
    def fees(self) -> int:
        """Fees paid for this part."""
        return FEE_PER_CONTRACT * self.size // 100 if self.is_taker else 0


@dataclass
class Position:
    """What is held of one market."""

    market: Market
    size: int = 0
    cost: int = 0
    fees: int = 0
    updated_ms: int = 0


@dataclass
class Account:
    """One member's books; ``cash`` is in ten-thousandths of a dollar."""

    user_id: str
    cash: int = 980_186
    orders: list[Order] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)

    def traded(self, trade: Trade) -> Fill | None:
        """Give a resting order its part of a match in the market."""
        for order in self.orders:
            left = order.size - order.filled
            if (
                left
                and order.market.ticker == trade.ticker
                and trade.taker == "no"
                and trade.yes_price <= order.price
            ):
                size = min(left, trade.size)
                return self._fill(order, trade.trade_id, size, trade.at_ms)
        return None

    def value(self) -> int:
        """Value of all positions at the best bid."""
        held = self.positions.values()
        return sum(one.size * one.market.best_bid("yes") for one in held)

    def _fill(self, order: Order, trade_id: str, size: int, at_ms: int) -> Fill:
        fill = Fill(trade_id, order, size, at_ms, order.is_taker)
        order.filled += size
        self.fills.append(fill)
        ticker = order.market.ticker
        position = self.positions.setdefault(ticker, Position(order.market))
        position.size += size
        position.cost += size * order.price
        position.fees += fill.fees
        position.updated_ms = at_ms
        return fill

    def buy(self, order: Order, trade_id: str) -> None:
        """Take an order into the history, filled at once."""
        self.orders.append(order)
        self._fill(order, trade_id, order.size, order.created_ms)


def opened(clock: Clock, book: Book, chance: random.Random) -> Account:
    """Open the account: bought positions first, then resting orders at the best bid."""
    account = Account(invented_uuid(chance))
    since_ms = clock.now_ms() - 3_600_000
    active = [m for m in book.markets.values() if m.status == "active"]
    for number, market in enumerate(chance.sample(active, HOLDINGS + RESTING)):
        bought = number < HOLDINGS
        order = Order(
            order_id=invented_uuid(chance),
            client_order_id=invented_uuid(chance),
            market=market,
            price=market.best_ask("yes") if bought else market.best_bid("yes"),
            created_ms=since_ms + number,
            is_taker=bought,
        )
        if bought:
            account.buy(order, invented_uuid(chance))
        else:
            account.orders.append(order)
    return account
