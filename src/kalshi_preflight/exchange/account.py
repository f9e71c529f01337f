"""The account: a balance, a few positions, orders and fills that belong together."""

import random
from typing import Any

from kalshi_preflight.exchange.amounts import contracts, dollars, timestamp
from kalshi_preflight.exchange.book import Book, Market
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.credentials import invented_uuid

Document = dict[str, Any]

BALANCE_CENTS = 9801
BALANCE_DOLLARS = "98.0186"
HOLDINGS = 3
HOLDING_SIZE = 300
RESTING = 2


class Account:
    """Documents of one member; nothing here ever changes but the prices behind it."""

    def __init__(self, clock: Clock, book: Book, chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance
        self._since_ms = clock.now_ms() - 3_600_000
        self.user_id = invented_uuid(chance)
        open_markets = [m for m in book.markets.values() if m.status == "active"]
        chosen = chance.sample(open_markets, HOLDINGS + RESTING)
        self._held = [(market, market.best_ask("yes")) for market in chosen[:HOLDINGS]]
        self.orders: list[Document] = []
        self.fills: list[Document] = []
        for market, price in self._held:
            self._bought(market, price)
        for market in chosen[HOLDINGS:]:
            price = max(market.best_bid("yes") - 3, 1)
            self.orders.append(self._order(market, price, "resting", filled=0))

    def balance(self) -> Document:
        """``GET /portfolio/balance``."""
        value = sum(market.best_bid("yes") * 3 for market, _ in self._held)
        return {
            "balance": BALANCE_CENTS,
            "balance_breakdown": [{"balance": BALANCE_DOLLARS, "exchange_index": 0}],
            "balance_dollars": BALANCE_DOLLARS,
            "portfolio_value": value,
            "updated_ts": int(self._clock.now()),
        }

    def market_positions(self) -> list[Document]:
        """Unsettled positions by market."""
        return [
            {
                "ticker": market.ticker,
                "exchange_index": 0,
                "total_traded_dollars": dollars(3 * price) + "00",
                "position_fp": contracts(HOLDING_SIZE),
                "market_exposure_dollars": dollars(3 * price) + "00",
                "realized_pnl_dollars": "0.000000",
                "fees_paid_dollars": "0.018900",
                "last_updated_ts": timestamp(self._since_ms),
            }
            for market, price in self._held
        ]

    def event_positions(self) -> list[Document]:
        """Return the same by event."""
        sums: dict[str, int] = {}
        for market, price in self._held:
            sums[market.event.ticker] = sums.get(market.event.ticker, 0) + 3 * price
        return [
            {
                "event_ticker": ticker,
                "total_cost_dollars": dollars(cost) + "00",
                "total_cost_shares_fp": contracts(HOLDING_SIZE),
                "event_exposure_dollars": dollars(cost) + "00",
                "realized_pnl_dollars": "0.000000",
                "fees_paid_dollars": "0.018900",
            }
            for ticker, cost in sums.items()
        ]

    def _bought(self, market: Market, price: int) -> None:
        order = self._order(market, price, "executed", filled=HOLDING_SIZE)
        trade_id = invented_uuid(self._chance)
        self.orders.append(order)
        self.fills.append(
            {
                "fill_id": trade_id,
                "exchange_index": 0,
                "trade_id": trade_id,
                "order_id": order["order_id"],
                "ticker": market.ticker,
                "market_ticker": market.ticker,
                "side": "yes",
                "action": "buy",
                "outcome_side": "yes",
                "book_side": "bid",
                "count_fp": contracts(HOLDING_SIZE),
                "yes_price_dollars": dollars(price),
                "no_price_dollars": dollars(100 - price),
                "is_taker": True,
                "created_time": timestamp(self._since_ms),
                "fee_cost": "0.018900",
                "subaccount_number": 0,
                "ts": self._since_ms // 1000,
            }
        )

    def _order(self, market: Market, price: int, status: str, filled: int) -> Document:
        return {
            "order_id": invented_uuid(self._chance),
            "user_id": self.user_id,
            "client_order_id": invented_uuid(self._chance),
            "ticker": market.ticker,
            "side": "yes",
            "action": "buy",
            "outcome_side": "yes",
            "book_side": "bid",
            "type": "limit",
            "status": status,
            "yes_price_dollars": dollars(price),
            "no_price_dollars": dollars(100 - price),
            "fill_count_fp": contracts(filled),
            "remaining_count_fp": contracts(HOLDING_SIZE - filled),
            "initial_count_fp": contracts(HOLDING_SIZE),
            "taker_fees_dollars": "0.018900" if filled else "0.000000",
            "maker_fees_dollars": "0.000000",
            "taker_fill_cost_dollars": dollars(price * filled // 100) + "00",
            "maker_fill_cost_dollars": "0.000000",
            "created_time": timestamp(self._since_ms),
            "last_update_time": timestamp(self._since_ms),
            "self_trade_prevention_type": "taker_at_cross",
            "subaccount_number": 0,
            "exchange_index": 0,
        }
