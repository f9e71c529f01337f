"""Public documents: how a market, an event, a series and a trade look in REST."""

from typing import Any

from kalshi_preflight.exchange.amounts import contracts, dollars, ladder, timestamp
from kalshi_preflight.exchange.book import Event, Market, Trade
from kalshi_preflight.exchange.listings import Listing

Document = dict[str, Any]


def market_document(market: Market) -> Document:
    """Describe a market, in the shape of spec 3.28."""
    event = market.event
    return {
        "ticker": market.ticker,
        "event_ticker": event.ticker,
        "market_type": "binary",
        "title": event.listing.question.format(outcome=market.outcome),
        "subtitle": market.outcome,
        "yes_sub_title": market.outcome,
        "no_sub_title": market.outcome,
        "created_time": timestamp(event.opened_ms - 3_600_000),
        "updated_time": timestamp(market.updated_ms),
        "open_time": timestamp(event.opened_ms),
        "close_time": timestamp(event.closes_ms),
        "expected_expiration_time": timestamp(event.closes_ms + 3_600_000),
        "expiration_time": timestamp(event.closes_ms + 7 * 86_400_000),
        "latest_expiration_time": timestamp(event.closes_ms + 7 * 86_400_000),
        "settlement_timer_seconds": 60,
        "status": market.status,
        "notional_value_dollars": dollars(100),
        **_prices(market),
        "volume_fp": contracts(market.volume),
        "volume_24h_fp": contracts(market.volume // 3),
        "open_interest_fp": contracts(market.open_interest),
        "result": market.result,
        "can_close_early": True,
        "expiration_value": "",
        "rules_primary": f"If {market.outcome}, then the market resolves to Yes.",
        "rules_secondary": "",
        "price_level_structure": "linear_cent",
        "price_ranges": [{"start": "0.0000", "end": "1.0000", "step": "0.0100"}],
        "exchange_index": 0,
    }


def _prices(market: Market) -> Document:
    yes, no = market.ladders["yes"], market.ladders["no"]
    last = dollars(market.last_price)
    return {
        "yes_bid_dollars": dollars(market.best_bid("yes")),
        "yes_ask_dollars": dollars(market.best_ask("yes")),
        "no_bid_dollars": dollars(market.best_bid("no")),
        "no_ask_dollars": dollars(market.best_ask("no")),
        "yes_bid_size_fp": contracts(yes.get(market.best_bid("yes"), 0)),
        "yes_ask_size_fp": contracts(no.get(market.best_bid("no"), 0)),
        "last_price_dollars": last,
        "previous_yes_bid_dollars": dollars(max(market.last_price - 1, 0)),
        "previous_yes_ask_dollars": dollars(min(market.last_price + 1, 100)),
        "previous_price_dollars": last,
    }


def orderbook_document(market: Market | None, depth: int = 0) -> Document:
    """Describe a book: empty for an invented ticker; ``depth`` 0 means every level."""
    yes = ladder(market.ladders["yes"]) if market else []
    no = ladder(market.ladders["no"]) if market else []
    return {"orderbook_fp": {"yes_dollars": yes[-depth:], "no_dollars": no[-depth:]}}


def event_document(event: Event, *, with_markets: bool = False) -> Document:
    """Describe an event."""
    document: Document = {
        "event_ticker": event.ticker,
        "series_ticker": event.listing.ticker,
        "title": event.listing.title,
        "sub_title": event.ticker.rsplit("-", 1)[-1],
        "collateral_return_type": "MECNET",
        "mutually_exclusive": True,
        "category": event.listing.category,
        "available_on_brokers": True,
        "product_metadata": {},
        "strike_period": "",
        "settlement_sources": _sources(event.listing),
        "last_updated_ts": timestamp(event.opened_ms),
        "exchange_index": 0,
    }
    if with_markets:
        document["markets"] = [market_document(market) for market in event.markets]
    return document


def series_document(listing: Listing) -> Document:
    """Describe a series."""
    return {
        "ticker": listing.ticker,
        "frequency": listing.frequency,
        "title": listing.title,
        "category": listing.category,
        "tags": list(listing.tags),
        "settlement_sources": _sources(listing),
        "contract_url": "",
        "contract_terms_url": "",
        "fee_type": "quadratic",
        "fee_multiplier": 1,
        "additional_prohibitions": [],
        "exchange_index": 0,
    }


def trade_document(trade: Trade) -> Document:
    """Describe a trade on the tape."""
    return {
        "trade_id": trade.trade_id,
        "ticker": trade.ticker,
        "count_fp": contracts(trade.size),
        "yes_price_dollars": dollars(trade.yes_price),
        "no_price_dollars": dollars(100 - trade.yes_price),
        "taker_side": trade.taker,
        "taker_outcome_side": trade.taker,
        "taker_book_side": "bid" if trade.taker == "yes" else "ask",
        "created_time": timestamp(trade.at_ms),
        "is_block_trade": False,
    }


def _sources(listing: Listing) -> list[dict[str, str]]:
    name, url = listing.source
    return [{"name": name, "url": url}]
