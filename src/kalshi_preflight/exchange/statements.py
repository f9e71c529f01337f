"""Private documents: how orders, fills, positions and a balance look in REST."""

from typing import Any

from kalshi_preflight.exchange.account import Account, Fill, Order, Position
from kalshi_preflight.exchange.amounts import (
    contracts,
    dollars,
    exact_dollars,
    short_dollars,
    timestamp,
)

Document = dict[str, Any]


def balance_document(account: Account, unix_seconds: int) -> Document:
    """Describe the balance: whole cents are truncated, ``balance_dollars`` is exact."""
    exact = short_dollars(account.cash)
    return {
        "balance": account.cash // 100,
        "balance_breakdown": [{"balance": exact, "exchange_index": 0}],
        "balance_dollars": exact,
        "portfolio_value": account.value() // 100,
        "updated_ts": unix_seconds,
    }


def position_document(position: Position) -> Document:
    """Describe a market position."""
    cost = exact_dollars(position.cost)
    return {
        "ticker": position.market.ticker,
        "exchange_index": 0,
        "total_traded_dollars": cost,
        "position_fp": contracts(position.size),
        "market_exposure_dollars": cost,
        "realized_pnl_dollars": exact_dollars(0),
        "fees_paid_dollars": exact_dollars(position.fees),
        "last_updated_ts": timestamp(position.updated_ms),
    }


def event_position_documents(account: Account) -> list[Document]:
    """Describe the same positions, summed up by event."""
    events: dict[str, list[Position]] = {}
    for position in account.positions.values():
        events.setdefault(position.market.event.ticker, []).append(position)
    return [
        {
            "event_ticker": ticker,
            "total_cost_dollars": exact_dollars(sum(one.cost for one in held)),
            "total_cost_shares_fp": contracts(sum(one.size for one in held)),
            "event_exposure_dollars": exact_dollars(sum(one.cost for one in held)),
            "realized_pnl_dollars": exact_dollars(0),
            "fees_paid_dollars": exact_dollars(sum(one.fees for one in held)),
        }
        for ticker, held in events.items()
    ]


def order_document(account: Account, order: Order) -> Document:
    """Describe an order."""
    cost, fees = exact_dollars(order.filled * order.price), exact_dollars(order.fees)
    none = exact_dollars(0)
    return {
        "order_id": order.order_id,
        "user_id": account.user_id,
        "client_order_id": order.client_order_id,
        "ticker": order.market.ticker,
        "side": "yes",
        "action": "buy",
        "outcome_side": "yes",
        "book_side": "bid",
        "type": "limit",
        "status": order.status,
        "yes_price_dollars": dollars(order.price),
        "no_price_dollars": dollars(100 - order.price),
        "fill_count_fp": contracts(order.filled),
        "remaining_count_fp": contracts(order.size - order.filled),
        "initial_count_fp": contracts(order.size),
        "taker_fees_dollars": fees if order.is_taker else none,
        "maker_fees_dollars": none if order.is_taker else fees,
        "taker_fill_cost_dollars": cost if order.is_taker else none,
        "maker_fill_cost_dollars": none if order.is_taker else cost,
        "created_time": timestamp(order.created_ms),
        "last_update_time": timestamp(order.created_ms),
        "self_trade_prevention_type": "taker_at_cross",
        "subaccount_number": 0,
        "exchange_index": 0,
    }


def fill_document(fill: Fill) -> Document:
    """Describe a fill."""
    order = fill.order
    return {
        "fill_id": fill.trade_id,
        "exchange_index": 0,
        "trade_id": fill.trade_id,
        "order_id": order.order_id,
        "ticker": order.market.ticker,
        "market_ticker": order.market.ticker,
        "side": "yes",
        "action": "buy",
        "outcome_side": "yes",
        "book_side": "bid",
        "count_fp": contracts(fill.size),
        "yes_price_dollars": dollars(order.price),
        "no_price_dollars": dollars(100 - order.price),
        "is_taker": fill.is_taker,
        "created_time": timestamp(fill.at_ms),
        "fee_cost": exact_dollars(fill.fees),
        "subaccount_number": 0,
        "ts": fill.at_ms // 1000,
    }
