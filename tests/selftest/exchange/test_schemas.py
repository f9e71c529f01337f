"""Every REST body and WebSocket frame has the shape of the specification."""

import json
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from tests.selftest.exchange import reference
from tests.selftest.exchange.client import Client

pytestmark = pytest.mark.selftest

OPENAPI = "openapi-3.28.yaml"
ASYNCAPI = "asyncapi-2026-08.yaml"
# Request path (with a ticker of each kind) → path in the specification.
PUBLIC = {
    "/exchange/status": "/exchange/status",
    "/exchange/schedule": "/exchange/schedule",
    "/exchange/user_data_timestamp": "/exchange/user_data_timestamp",
    "/markets?limit=5": "/markets",
    "/markets?limit=1000": "/markets",
    "/markets?status=settled": "/markets",
    "/markets/{market}": "/markets/{ticker}",
    "/markets/{market}/orderbook": "/markets/{ticker}/orderbook",
    "/markets/INVENTED/orderbook": "/markets/{ticker}/orderbook",
    "/markets/orderbooks?tickers={market}": "/markets/orderbooks",
    "/markets/trades": "/markets/trades",
    "/events": "/events",
    "/events?with_nested_markets=true": "/events",
    "/events/{event}": "/events/{event_ticker}",
    "/series": "/series",
    "/series/{series}": "/series/{series_ticker}",
    "/account/endpoint_costs": "/account/endpoint_costs",
}
SIGNED = {
    "/portfolio/balance": "/portfolio/balance",
    "/portfolio/positions": "/portfolio/positions",
    "/portfolio/orders": "/portfolio/orders",
    "/portfolio/orders/{order}": "/portfolio/orders/{order_id}",
    "/portfolio/fills": "/portfolio/fills",
    "/account/limits": "/account/limits",
    "/api_keys": "/api_keys",
}
FRAMES = {
    "subscribed": "subscribedResponsePayload",
    "unsubscribed": "unsubscribedResponsePayload",
    "error": "errorResponsePayload",
    "ticker": "tickerPayload",
    "trade": "tradePayload",
    "orderbook_snapshot": "orderbookSnapshotPayload",
    "orderbook_delta": "orderbookDeltaPayload",
    "market_lifecycle_v2": "marketLifecycleV2Payload",
    "fill": "fillPayload",
    "market_position": "marketPositionPayload",
    "user_order": "userOrderPayload",
}
SUBSCRIBE = {
    "channels": [
        "ticker",
        "trade",
        "market_lifecycle_v2",
        "fill",
        "market_positions",
        "user_orders",
    ]
}


def pointer(path: str) -> str:
    """Point to the schema of a 200 answer."""
    escaped = path.replace("~", "~0").replace("/", "~1")
    return f"/paths/{escaped}/get/responses/200/content/application~1json/schema"


def test_rest_bodies_follow_the_specification(tmp_path: Path) -> None:
    """Each endpoint's 200 body validates."""
    reference.file(OPENAPI)
    with Exchange(tmp_path, seed=5) as exchange:
        client = Client(exchange.state)
        market = next(iter(exchange.book.markets.values()))
        names = {
            "market": market.ticker,
            "event": market.event.ticker,
            "series": market.event.listing.ticker,
            "order": exchange.account.orders[0].order_id,
        }
        for table, ask in ((PUBLIC, client.request), (SIGNED, client.signed)):
            for path, specified in table.items():
                answer = ask(path.format(**names))
                assert answer.status == 200, path
                schema = reference.validator(OPENAPI, pointer(specified))
                errors = [e.message for e in schema.iter_errors(answer.document)]
                assert not errors, (path, errors[:3])


def test_frames_follow_the_specification(tmp_path: Path) -> None:
    """Frames of every kind validate; each kind is seen at least once."""
    reference.file(ASYNCAPI)
    wanted = set(FRAMES)
    with Exchange(tmp_path, seed=5, moves_per_second=2000) as exchange:
        order = next(o for o in exchange.account.orders if o.status == "resting")
        book = {
            "channels": ["orderbook_delta"],
            "market_ticker": order.market.ticker,
        }
        commands = (
            {"id": 1, "cmd": "subscribe", "params": SUBSCRIBE},
            {"id": 2, "cmd": "subscribe", "params": book},
            {"id": 3, "cmd": "nonsense"},
            {"id": 4, "cmd": "unsubscribe", "params": {"sids": [7]}},
        )
        with Client(exchange.state).websocket() as websocket:
            for command in commands[:3]:
                websocket.send(json.dumps(command))
            while wanted:
                frame = json.loads(websocket.recv(20))
                schema = reference.validator(
                    ASYNCAPI, f"/components/schemas/{FRAMES[frame['type']]}"
                )
                errors = [e.message for e in schema.iter_errors(frame)]
                assert not errors, (frame, errors[:3])
                wanted.discard(frame["type"])
                if wanted == {"unsubscribed"}:
                    websocket.send(json.dumps(commands[3]))
