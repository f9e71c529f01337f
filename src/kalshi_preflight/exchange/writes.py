"""Requests that would change something: refused in the exchange's words, and counted.

There is no branch here, or anywhere in this exchange, that accepts one.
"""

import json
from typing import Any

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.account import Account
from kalshi_preflight.exchange.hooks import TradingHooks
from kalshi_preflight.exchange.message import JSON_TYPE, Request, Response

LEGACY_PATH = "/portfolio/orders"
ORDERS_PATH = "/portfolio/events/orders"
STRING_FIELDS = ("count", "price", "ticker", "client_order_id")


def is_legacy(path: str) -> bool:
    """Whether a write goes to the order path that was retired."""
    return path == LEGACY_PATH or path.startswith(f"{LEGACY_PATH}/")


def refuse(
    request: Request, path: str, account: Account, trading: TradingHooks
) -> Response:
    """Refuse one signed write."""
    if request.method == "DELETE":
        return refusals.NOT_FOUND
    media_type = (request.header("Content-Type") or "").split(";")[0].strip()
    if media_type != JSON_TYPE:
        return refusals.CONTENT_TYPE
    if path != ORDERS_PATH:
        return refusals.UNAVAILABLE if "transfer" in path else refusals.SCOPE_MISSING
    return _refuse_order(request.body, account, trading)


def _refuse_order(body: bytes, account: Account, trading: TradingHooks) -> Response:
    order = _decoded(body)
    if isinstance(order, Response):
        return order
    if not trading.exchange_active:
        return refusals.EXCHANGE_PAUSED
    if not trading.trading_active:
        return refusals.TRADING_PAUSED
    used = {one.client_order_id for one in account.orders}
    if order.get("client_order_id") in used:
        return refusals.ORDER_EXISTS
    return refusals.nested(400, "insufficient_balance", "insufficient balance")


def _decoded(body: bytes) -> dict[str, Any] | Response:
    try:
        order = json.loads(body)
    except (ValueError, RecursionError):
        return refusals.flat("bad_request", "bad request", "invalid JSON")
    if not isinstance(order, dict):
        return refusals.undecodable("array", "CreateOrderV2Request", "object")
    for name in STRING_FIELDS:
        if isinstance(order.get(name), int | float):
            field = f"CreateOrderV2Request.{name}"
            return refusals.undecodable("number", field, "string")
    return order
