"""Signed endpoints, all read-only."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.account import Account
from kalshi_preflight.exchange.authentication import Gatekeeper
from kalshi_preflight.exchange.bucket import Tier
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.message import Response, as_json
from kalshi_preflight.exchange.pages import Limit, Query, first, page

ORDERS_LIMIT = Limit("GetOrders")
FILLS_LIMIT = Limit("GetFills")
POSITIONS_LIMIT = Limit("GetPositions")
LOCATION_CHECK_SECONDS = 90 * 86_400


class PrivateData:
    """Handlers ``(query, *path parameters) -> Response`` behind a good signature."""

    def __init__(
        self, clock: Clock, account: Account, gatekeeper: Gatekeeper, tier: Tier
    ) -> None:
        self._clock = clock
        self._account = account
        self._gatekeeper = gatekeeper
        self._tier = tier

    def balance(self, _: Query) -> Response:
        """``GET /portfolio/balance``."""
        return as_json(self._account.balance())

    def positions(self, query: Query) -> Response:
        """``GET /portfolio/positions``: unsettled ones, unless asked for settled."""
        markets = self._account.market_positions()
        events = self._account.event_positions()
        ticker, event = first(query, "ticker"), first(query, "event_ticker")
        if first(query, "settlement_status") == "settled":
            markets, events = [], []
        if ticker is not None:
            markets = [one for one in markets if one["ticker"] == ticker]
        if event is not None:
            markets = [one for one in markets if one["ticker"].startswith(event)]
            events = [one for one in events if one["event_ticker"] == event]
        shown, cursor = page(markets, query, POSITIONS_LIMIT)
        return as_json(
            {"cursor": cursor, "market_positions": shown, "event_positions": events}
        )

    def orders(self, query: Query) -> Response:
        """``GET /portfolio/orders``."""
        ticker, status = first(query, "ticker"), first(query, "status")
        chosen = [
            order
            for order in self._account.orders
            if ticker in (None, order["ticker"]) and status in (None, order["status"])
        ]
        orders, cursor = page(chosen, query, ORDERS_LIMIT)
        return as_json({"cursor": cursor, "orders": orders})

    def order(self, _: Query, order_id: str) -> Response:
        """``GET /portfolio/orders/{order_id}``."""
        orders = self._account.orders
        found = next((one for one in orders if one["order_id"] == order_id), None)
        return refusals.NOT_FOUND if found is None else as_json({"order": found})

    def fills(self, query: Query) -> Response:
        """``GET /portfolio/fills``."""
        tickers = first(query, "ticker")
        wanted = set(tickers.split(",")) if tickers else None
        fills = self._account.fills
        chosen = [one for one in fills if wanted is None or one["ticker"] in wanted]
        shown, cursor = page(chosen, query, FILLS_LIMIT)
        return as_json({"cursor": cursor, "fills": shown})

    def limits(self, _: Query) -> Response:
        """``GET /account/limits``."""
        tier = self._tier
        read = {"bucket_capacity": tier.read_capacity, "refill_rate": tier.read_rate}
        write = {"bucket_capacity": tier.write_capacity, "refill_rate": tier.write_rate}
        return as_json(
            {"grants": [], "read": read, "usage_tier": tier.name, "write": write}
        )

    def api_keys(self, _: Query) -> Response:
        """``GET /api_keys``."""
        expires = int(self._clock.now()) + LOCATION_CHECK_SECONDS
        keys = []
        for key in self._gatekeeper.keys.values():
            document = {
                "api_key_id": key.key_id,
                "name": key.name,
                "scopes": list(key.scopes),
            }
            bound = {} if key.subaccount is None else {"subaccount": key.subaccount}
            keys.append({**document, **bound})
        return as_json({"api_keys": keys, "api_key_region_expiration_ts": expires})

    def margin_enabled(self, _: Query) -> Response:
        """``GET /margin/enabled``."""
        return as_json({"enabled": False})

    def margin_balance(self, _: Query) -> Response:
        """``GET /margin/balance``: this account has no margin."""
        return refusals.MARGIN_DISABLED

    def margin_funding(self, query: Query) -> Response:
        """``GET /margin/funding_history``."""
        if first(query, "start_date") is None:
            return refusals.missing_parameter("start_date")
        return refusals.MARGIN_DISABLED
