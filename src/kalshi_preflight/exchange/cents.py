"""The integer fields of before 2026-03-12, for clients that still need them.

Off by default: the exchange of today does not send them. Official SDKs up to 3.2 refuse
answers without them.
"""

import json
from decimal import Decimal
from typing import Any

from kalshi_preflight.exchange.message import JSON_TYPE, Request, Response, compact

MARKET_FIELDS = {
    "response_price_units": "usd_cent",
    "category": "",
    "risk_limit_cents": 0,
    "tick_size": 1,
    "liquidity_dollars": "0.0000",
    "liquidity": 0,
}


async def add_cent_fields(_: Request, response: Response) -> Response:
    """Rewrite a JSON answer with both kinds of fields: a hook of ``http.answers``."""
    if response.header("Content-Type") != JSON_TYPE:
        return response
    document = _with_cents(json.loads(response.body))
    return Response(response.status, compact(document), response.headers)


def _with_cents(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_cents(one) for one in value]
    if not isinstance(value, dict):
        return value
    document = {name: _with_cents(one) for name, one in value.items()}
    for name, text in value.items():
        if name.endswith("_dollars") and isinstance(text, str):
            document.setdefault(name.removesuffix("_dollars"), round(_cents(text)))
        elif name.endswith("_fp") and isinstance(text, str):
            document.setdefault(name.removesuffix("_fp"), int(Decimal(text)))
    return {**document, **_further(document)}


def _further(document: dict[str, Any]) -> dict[str, Any]:
    """Return fields whose names do not follow from a new one."""
    if "yes_sub_title" in document:
        old = {"finalized": "settled"}.get(document["status"], document["status"])
        return {**MARKET_FIELDS, "status": old}
    if "orderbook_fp" in document:
        book = document["orderbook_fp"]
        sides = {"true": "yes_dollars", "false": "no_dollars"}
        levels = {old: [_level(one) for one in book[new]] for old, new in sides.items()}
        return {"orderbook": {**book, **levels}}
    if "fill_id" in document:
        return {
            "price": document["yes_price"] / 100,
            "yes_price_fixed": document["yes_price_dollars"],
            "no_price_fixed": document["no_price_dollars"],
        }
    if "trade_id" in document:
        return {"price": document["yes_price"] / 100}
    if "client_order_id" in document:
        return {"queue_position": 0}
    return {"resting_orders_count": 0} if "position_fp" in document else {}


def _level(level: list[str]) -> list[int]:
    return [round(_cents(level[0])), int(Decimal(level[1]))]


def _cents(text: str) -> Decimal:
    return Decimal(text) * 100
