"""Public endpoints: they need no key, and prove nothing about one."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.book import Book, Market
from kalshi_preflight.exchange.bucket import COSTS, DEFAULT_COST
from kalshi_preflight.exchange.clock import Clock, rfc3339
from kalshi_preflight.exchange.documents import (
    Document,
    event_document,
    market_document,
    orderbook_document,
    series_document,
    trade_document,
)
from kalshi_preflight.exchange.hooks import TradingHooks
from kalshi_preflight.exchange.listings import LISTINGS
from kalshi_preflight.exchange.message import Response, as_json
from kalshi_preflight.exchange.pages import Limit, Query, Refused, first, number, page

SHARDS = ((0, "Default"), (1, "Combos"), (2, "Crypto & Commodities"))
# The filter's words are not the words of a market's ``status``.
STATUS_FILTER: Mapping[str, tuple[str, ...]] = {
    "unopened": ("initialized",),
    "open": ("active",),
    "paused": ("inactive",),
    "closed": ("closed",),
    "settled": ("determined", "disputed", "amended", "finalized"),
}
DAYS = ("monday", "tuesday", "wednesday", "friday", "saturday", "sunday")
MARKETS_LIMIT = Limit("GetMarkets")
TRADES_LIMIT = Limit("GetTrades")
EVENTS_LIMIT = Limit("GetEvents", 200, 200, lambda _: refusals.BAD_REQUEST)


class PublicData:
    """Handlers ``(query, *path parameters) -> Response``; may raise ``Refused``."""

    def __init__(self, clock: Clock, book: Book, trading: TradingHooks) -> None:
        self._clock = clock
        self._book = book
        self._trading = trading

    def status(self, _: Query) -> Response:
        """``GET /exchange/status``; the top level mirrors shard 0."""
        return as_json(self.status_document())

    def status_document(self) -> Document:
        """Describe the state; 500, 503 and 504 of this endpoint carry it too."""
        flags = {
            "exchange_active": self._trading.exchange_active,
            "trading_active": self._trading.trading_active,
            "intra_exchange_transfers_active": self._trading.exchange_active,
        }
        shards = [
            {"exchange_index": index, "description": description, **flags}
            for index, description in SHARDS
        ]
        return {**flags, "exchange_index_statuses": shards}

    def schedule(self, _: Query) -> Response:
        """``GET /exchange/schedule``: times of day are Eastern Time."""
        always = [{"open_time": "00:00", "close_time": "00:00"}]
        now = self._clock.moment()
        week: Document = dict.fromkeys(DAYS, always)
        week["thursday"] = [
            {"open_time": "00:00", "close_time": "03:00"},
            {"open_time": "05:00", "close_time": "00:00"},
        ]
        week["start_time"] = rfc3339(now - timedelta(days=180))
        week["end_time"] = rfc3339(now + timedelta(days=180))
        hours = {"standard_hours": [week], "maintenance_windows": []}
        return as_json({"schedule": hours})

    def user_data_timestamp(self, _: Query) -> Response:
        """``GET /exchange/user_data_timestamp``."""
        return as_json({"as_of_time": rfc3339(self._clock.moment(), fraction=True)})

    def markets(self, query: Query) -> Response:
        """``GET /markets``."""
        self._need_data()
        chosen = list(self._filtered(query))
        markets, cursor = page(chosen, query, MARKETS_LIMIT)
        documents = [market_document(market) for market in markets]
        return as_json({"cursor": cursor, "markets": documents})

    def market(self, _: Query, ticker: str) -> Response:
        """``GET /markets/{ticker}``."""
        self._need_data()
        market = self._book.markets.get(ticker)
        if market is None:
            return refusals.NOT_FOUND
        return as_json({"market": market_document(market)})

    def orderbook(self, query: Query, ticker: str) -> Response:
        """``GET /markets/{ticker}/orderbook``: an invented ticker has an empty book."""
        self._need_data()
        depth = number(query, "depth", 0)
        return as_json(orderbook_document(self._book.markets.get(ticker), depth))

    def orderbooks(self, query: Query) -> Response:
        """``GET /markets/orderbooks``."""
        self._need_data()
        tickers = [t for value in query.get("tickers", []) for t in value.split(",")]
        if not tickers:
            return refusals.missing_parameter("tickers")
        markets = self._book.markets
        books = [
            {"ticker": ticker, **orderbook_document(markets.get(ticker))}
            for ticker in tickers
        ]
        return as_json({"orderbooks": books})

    def trades(self, query: Query) -> Response:
        """``GET /markets/trades``, newest first."""
        self._need_data()
        ticker = first(query, "ticker")
        tape = reversed(self._book.tape)
        chosen = [trade for trade in tape if ticker in (None, trade.ticker)]
        trades, cursor = page(chosen, query, TRADES_LIMIT)
        documents = [trade_document(trade) for trade in trades]
        return as_json({"cursor": cursor, "trades": documents})

    def events(self, query: Query) -> Response:
        """``GET /events``."""
        self._need_data()
        series = first(query, "series_ticker")
        statuses = _statuses(query)
        nested = first(query, "with_nested_markets") == "true"
        chosen = [
            event
            for event in self._book.events.values()
            if series in (None, event.listing.ticker)
            and (statuses is None or event.markets[0].status in statuses)
        ]
        events, cursor = page(chosen, query, EVENTS_LIMIT)
        documents = [event_document(event, with_markets=nested) for event in events]
        return as_json({"cursor": cursor, "events": documents, "milestones": []})

    def event(self, query: Query, ticker: str) -> Response:
        """``GET /events/{event_ticker}``."""
        self._need_data()
        event = self._book.events.get(ticker)
        if event is None:
            return refusals.NOT_FOUND
        nested = first(query, "with_nested_markets") == "true"
        markets = [] if nested else [market_document(m) for m in event.markets]
        document = event_document(event, with_markets=nested)
        return as_json({"event": document, "markets": markets})

    def series_list(self, query: Query) -> Response:
        """``GET /series``."""
        self._need_data()
        category = first(query, "category")
        chosen = [one for one in LISTINGS if category in (None, one.category)]
        return as_json({"series": [series_document(one) for one in chosen]})

    def series(self, _: Query, ticker: str) -> Response:
        """``GET /series/{series_ticker}``."""
        self._need_data()
        found = next((one for one in LISTINGS if one.ticker == ticker), None)
        if found is None:
            return refusals.NOT_FOUND
        return as_json({"series": series_document(found)})

    def endpoint_costs(self, _: Query) -> Response:
        """``GET /account/endpoint_costs``."""
        costs = [
            {"cost": cost, "method": method, "path": path}
            for method, path, cost in COSTS
        ]
        return as_json({"default_cost": DEFAULT_COST, "endpoint_costs": costs})

    def _filtered(self, query: Query) -> Iterable[Market]:
        statuses = _statuses(query)
        event = first(query, "event_ticker")
        series = first(query, "series_ticker")
        tickers = first(query, "tickers")
        wanted = set(tickers.split(",")) if tickers else None
        for market in self._book.markets.values():
            if (
                (statuses is None or market.status in statuses)
                and event in (None, market.event.ticker)
                and series in (None, market.event.listing.ticker)
                and (wanted is None or market.ticker in wanted)
            ):
                yield market

    def _need_data(self) -> None:
        # While the exchange is down, status still answers and data calls do not.
        if not self._trading.exchange_active:
            raise Refused(refusals.UNAVAILABLE)


def _statuses(query: Query) -> tuple[str, ...] | None:
    text = first(query, "status")
    if text is None:
        return None
    words = text.split(",")
    if not all(word in STATUS_FILTER for word in words):
        raise Refused(refusals.STATUS_FILTER)
    return tuple(status for word in words for status in STATUS_FILTER[word])
