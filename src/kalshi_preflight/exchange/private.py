"""Signed endpoints, all read-only."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.account import Account
from kalshi_preflight.exchange.authentication import Gatekeeper
from kalshi_preflight.exchange.bucket import Tier
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.message import Response, as_json
from kalshi_preflight.exchange.pages import Limit, Query, first, page
from kalshi_preflight.exchange.statements import (
    balance_document,
    event_position_documents,
    fill_document,
    order_document,
    position_document,
)

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
        return as_json(balance_document(self._account, int(self._clock.now())))

    def positions(self, query: Query) -> Response:
        """``GET /portfolio/positions``: unsettled ones, unless asked for settled."""
        ticker, event = first(query, "ticker"), first(query, "event_ticker")
        if first(query, "settlement_status") == "settled":
            nothing = {"cursor": "", "market_positions": [], "event_positions": []}
            return as_json(nothing)
        held = [
            position
            for position in self._account.positions.values()
            if ticker in (None, position.market.ticker)
            and event in (None, position.market.event.ticker)
        ]
        events = [
            document
            for document in event_position_documents(self._account)
            if event in (None, document["event_ticker"])
        ]
        shown, cursor = page(held, query, POSITIONS_LIMIT)
        markets = [position_document(position) for position in shown]
        return as_json(
            {"cursor": cursor, "market_positions": markets, "event_positions": events}
        )

    def orders(self, query: Query) -> Response:
        """``GET /portfolio/orders``."""
        ticker, status = first(query, "ticker"), first(query, "status")
        chosen = [
            order
            for order in self._account.orders
            if ticker in (None, order.market.ticker) and status in (None, order.status)
        ]
        shown, cursor = page(chosen, query, ORDERS_LIMIT)
        orders = [order_document(self._account, order) for order in shown]
        return as_json({"cursor": cursor, "orders": orders})

    def order(self, _: Query, order_id: str) -> Response:
        """``GET /portfolio/orders/{order_id}``."""
        orders = self._account.orders
        found = next((one for one in orders if one.order_id == order_id), None)
        if found is None:
            return refusals.NOT_FOUND
        return as_json({"order": order_document(self._account, found)})

    def fills(self, query: Query) -> Response:
        """``GET /portfolio/fills``."""
        tickers = first(query, "ticker")
        wanted = set(tickers.split(",")) if tickers else None
        chosen = [
            fill
            for fill in self._account.fills
            if wanted is None or fill.order.market.ticker in wanted
        ]
        shown, cursor = page(chosen, query, FILLS_LIMIT)
        fills = [fill_document(fill) for fill in shown]
        return as_json({"cursor": cursor, "fills": fills})

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
