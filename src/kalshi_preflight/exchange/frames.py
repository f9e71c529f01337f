"""WebSocket frames of data: how books, trades and own orders look on the wire."""

from typing import Any

from kalshi_preflight.exchange.account import Fill, Order, Position
from kalshi_preflight.exchange.amounts import (
    contracts,
    dollars,
    exact_dollars,
    ladder,
    timestamp,
)
from kalshi_preflight.exchange.book import Market, Move, Trade

Frame = dict[str, Any]


def snapshot(market: Market, *, yes_prices: bool) -> Frame:
    """``orderbook_snapshot``; empty sides are left out."""
    message: Frame = {"market_ticker": market.ticker, "market_id": market.market_id}
    if market.ladders["yes"]:
        message["yes_dollars_fp"] = ladder(market.ladders["yes"])
    if market.ladders["no"]:
        no = market.ladders["no"]
        if yes_prices:
            no = {100 - price: size for price, size in no.items()}
        message["no_dollars_fp"] = ladder(no)
    return {"type": "orderbook_snapshot", "msg": message}


def delta(move: Move, *, yes_prices: bool) -> Frame:
    """``orderbook_delta``; a NO level may be priced on the YES leg."""
    turned = yes_prices and move.side == "no"
    return {
        "type": "orderbook_delta",
        "msg": {
            "market_ticker": move.market.ticker,
            "market_id": move.market.market_id,
            "price_dollars": dollars(100 - move.price if turned else move.price),
            "delta_fp": contracts(move.delta),
            "side": move.side,
            "ts": timestamp(move.at_ms),
            "ts_ms": move.at_ms,
        },
    }


def ticker(market: Market) -> Frame:
    """``ticker``: the newest prices of one market."""
    yes, no = market.ladders["yes"], market.ladders["no"]
    return {
        "type": "ticker",
        "msg": {
            "market_ticker": market.ticker,
            "market_id": market.market_id,
            "price_dollars": dollars(market.last_price),
            "yes_bid_dollars": dollars(market.best_bid("yes")),
            "yes_ask_dollars": dollars(market.best_ask("yes")),
            "yes_bid_size_fp": contracts(yes.get(market.best_bid("yes"), 0)),
            "yes_ask_size_fp": contracts(no.get(market.best_bid("no"), 0)),
            "last_trade_size_fp": contracts(market.last_size),
            "volume_fp": contracts(market.volume),
            "open_interest_fp": contracts(market.open_interest),
            "dollar_volume": market.volume * market.last_price // 10_000,
            "dollar_open_interest": market.open_interest * market.last_price // 10_000,
            "ts": market.updated_ms // 1000,
            "ts_ms": market.updated_ms,
            "time": timestamp(market.updated_ms),
        },
    }


def trade(match: Trade) -> Frame:
    """``trade``."""
    return {
        "type": "trade",
        "msg": {
            "trade_id": match.trade_id,
            "market_ticker": match.ticker,
            "yes_price_dollars": dollars(match.yes_price),
            "no_price_dollars": dollars(100 - match.yes_price),
            "count_fp": contracts(match.size),
            "taker_side": match.taker,
            "taker_outcome_side": match.taker,
            "taker_book_side": "bid" if match.taker == "yes" else "ask",
            "is_block_trade": False,
            "ts": match.at_ms // 1000,
            "ts_ms": match.at_ms,
        },
    }


def fill(part: Fill, position: Position) -> Frame:
    """``fill``: a part of an own order was matched."""
    order = part.order
    return {
        "type": "fill",
        "msg": {
            "trade_id": part.trade_id,
            "order_id": order.order_id,
            "client_order_id": order.client_order_id,
            "market_ticker": order.market.ticker,
            "exchange_index": 0,
            "is_taker": part.is_taker,
            "side": "yes",
            "action": "buy",
            "purchased_side": "yes",
            "outcome_side": "yes",
            "book_side": "bid",
            "yes_price_dollars": dollars(order.price),
            "count_fp": contracts(part.size),
            "fee_cost": exact_dollars(part.fees),
            "post_position_fp": contracts(position.size),
            "subaccount": 0,
            "ts": part.at_ms // 1000,
            "ts_ms": part.at_ms,
        },
    }


def market_position(position: Position, user_id: str) -> Frame:
    """``market_position``: what is held after a fill."""
    return {
        "type": "market_position",
        "msg": {
            "user_id": user_id,
            "market_ticker": position.market.ticker,
            "position_fp": contracts(position.size),
            "position_cost_dollars": exact_dollars(position.cost),
            "realized_pnl_dollars": exact_dollars(0),
            "fees_paid_dollars": exact_dollars(position.fees),
            "position_fee_cost_dollars": exact_dollars(position.fees),
            "volume_fp": contracts(position.size),
            "subaccount": 0,
        },
    }


def user_order(order: Order, user_id: str) -> Frame:
    """``user_order``: an own order after a change."""
    cost, none = exact_dollars(order.filled * order.price), exact_dollars(0)
    return {
        "type": "user_order",
        "msg": {
            "order_id": order.order_id,
            "user_id": user_id,
            "client_order_id": order.client_order_id,
            "ticker": order.market.ticker,
            "exchange_index": 0,
            "status": order.status,
            "side": "yes",
            "is_yes": True,
            "outcome_side": "yes",
            "book_side": "bid",
            "yes_price_dollars": dollars(order.price),
            "fill_count_fp": contracts(order.filled),
            "remaining_count_fp": contracts(order.size - order.filled),
            "initial_count_fp": contracts(order.size),
            "taker_fill_cost_dollars": cost if order.is_taker else none,
            "maker_fill_cost_dollars": none if order.is_taker else cost,
            "taker_fees_dollars": exact_dollars(order.fees),
            "maker_fees_dollars": none,
            "created_time": timestamp(order.created_ms),
            "created_ts_ms": order.created_ms,
            "subaccount_number": 0,
        },
    }


def close_date_updated(market: Market) -> Frame:
    """``market_lifecycle_v2``: a market will close at another time."""
    return {
        "type": "market_lifecycle_v2",
        "msg": {
            "market_ticker": market.ticker,
            "event_type": "close_date_updated",
            "exchange_index": 0,
            "close_ts": market.event.closes_ms // 1000,
        },
    }
