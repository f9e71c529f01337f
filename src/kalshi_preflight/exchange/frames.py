"""WebSocket frames of data: how a book, a trade and a lifecycle look on the wire."""

from typing import Any

from kalshi_preflight.exchange.amounts import contracts, dollars, ladder, timestamp
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
