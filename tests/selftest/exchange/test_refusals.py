"""The recorded error bodies, byte for byte."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.exchange import Exchange, refusals
from kalshi_preflight.exchange.message import Response
from tests.selftest.exchange import reference
from tests.selftest.exchange.client import Answer, Client

pytestmark = pytest.mark.selftest

ORDERS = "/portfolio/events/orders"
JSON = {"Content-Type": "application/json"}
Ask = Callable[[Client], Answer]


def without(*names: str) -> Ask:
    """Sign, and then drop headers."""

    def ask(client: Client) -> Answer:
        headers = client.signature("GET", "/trade-api/v2/portfolio/balance")
        kept = {name: headers[name] for name in headers if name not in names}
        return client.request("/portfolio/balance", headers=kept)

    return ask


def skewed(seconds: float) -> Ask:
    """Sign with a clock that is off."""

    def ask(client: Client) -> Answer:
        path = "/trade-api/v2/portfolio/balance"
        headers = client.signature("GET", path, offset_seconds=seconds)
        return client.request("/portfolio/balance", headers=headers)

    return ask


def badly_signed(client: Client) -> Answer:
    """Sign another text."""
    headers = client.signature("GET", "/trade-api/v2/portfolio/orders")
    return client.request("/portfolio/balance", headers=headers)


def unknown_key(client: Client) -> Answer:
    """Sign for a key id that is not registered."""
    headers = client.signature("GET", "/trade-api/v2/portfolio/balance")
    headers["KALSHI-ACCESS-KEY"] = "00000000-0000-0000-0000-000000000000"
    return client.request("/portfolio/balance", headers=headers)


def order(body: bytes, headers: dict[str, str]) -> Ask:
    """Send an order."""
    return lambda client: client.signed(
        ORDERS, method="POST", body=body, headers=headers
    )


KEY, SIGNATURE = "KALSHI-ACCESS-KEY", "KALSHI-ACCESS-SIGNATURE"
TIMESTAMP = "KALSHI-ACCESS-TIMESTAMP"
ASKED: dict[str, Ask] = {
    "auth_no_credentials": without(KEY, SIGNATURE, TIMESTAMP),
    "auth_signature_header_missing": without(SIGNATURE),
    "auth_unknown_key": unknown_key,
    "auth_bad_signature": badly_signed,
    "auth_timestamp": skewed(-30),
    "margin_not_enabled": lambda client: client.signed("/margin/balance"),
    "legacy_order_path": lambda client: client.request(
        "/portfolio/orders", method="POST", body=b"{}", headers=JSON
    ),
    "bad_limit": lambda client: client.request("/markets?limit=1001"),
    "bad_parameter_format": lambda client: client.request("/markets?limit=abc"),
    "missing_parameter": lambda client: client.signed("/margin/funding_history"),
    "bad_request_nested": lambda client: client.request("/events?limit=1000"),
    "json_decode": order(b'{"count":1}', JSON),
    "content_type": order(b"{}", {}),
    "not_found": lambda client: client.request("/markets/INVENTED"),
}
# Bodies that no request to a healthy exchange brings about.
BUILT: dict[str, Response] = {
    "host_moved": refusals.HOST_MOVED,
    "rate_limited": refusals.TOO_MANY_REQUESTS,
    "trading_paused": refusals.TRADING_PAUSED,
}


@pytest.mark.parametrize("name", ASKED)
def test_refusals_are_the_recorded_ones(tmp_path: Path, name: str) -> None:
    """Status, content type and bytes are those on record."""
    recorded = {item["id"]: item for item in _recorded()}[name]
    with Exchange(tmp_path) as exchange:
        answer = ASKED[name](Client(exchange.state))
    assert answer.status == recorded["status"]
    assert answer.headers["content-type"] == recorded["content_type"]
    assert answer.body.decode() == recorded["body"]


@pytest.mark.parametrize("name", BUILT)
def test_bodies_for_faults_are_the_recorded_ones(name: str) -> None:
    """Bodies that only faults send are those on record, too."""
    recorded = {item["id"]: item for item in _recorded()}[name]
    assert BUILT[name].status == recorded["status"]
    assert BUILT[name].body.decode() == recorded["body"]


@pytest.mark.parametrize(
    ("file", "ask"),
    [
        ("auth__bad_signature.json", badly_signed),
        ("auth__missing_signature_header.json", without(SIGNATURE)),
        ("auth__unknown_key_id.json", unknown_key),
        ("auth__skew_minus30s.json", skewed(-30)),
        ("auth__skew_minus5min.json", skewed(-300)),
        ("auth__skew_plus5min.json", skewed(300)),
        ("error__flat_json_decode.json", order(b'{"count":1}', JSON)),
        ("markets__limit_over_max.json", lambda c: c.request("/markets?limit=1001")),
    ],
)
def test_answers_are_those_of_the_demo_exchange(
    tmp_path: Path, file: str, ask: Ask
) -> None:
    """What the demo exchange answered is answered here, to the byte."""
    recorded = reference.file(f"recorded/{file}").read_bytes().strip()
    with Exchange(tmp_path) as exchange:
        assert ask(Client(exchange.state)).body == recorded


@pytest.mark.parametrize("seconds", [-10, -5, 0, 5, 10])
def test_clock_within_ten_seconds_passes(tmp_path: Path, seconds: float) -> None:
    """Ten seconds either way are safe."""
    with Exchange(tmp_path) as exchange:
        assert skewed(seconds)(Client(exchange.state)).status == 200


@pytest.mark.parametrize("seconds", [-60, -30, 60])
def test_clock_far_off_is_refused(tmp_path: Path, seconds: float) -> None:
    """Thirty seconds behind and sixty ahead are refused."""
    with Exchange(tmp_path) as exchange:
        assert skewed(seconds)(Client(exchange.state)).status == 401


def test_origin_refusal_has_the_recorded_head(tmp_path: Path) -> None:
    """The refusal of an Origin has the record's status line, headers and body."""
    recorded = reference.file("recorded/ws__handshake_403_origin.http").read_bytes()
    with Exchange(tmp_path, faults=["ws-origin"]) as exchange:
        client = Client(exchange.state)
        signed = client.signature("GET", "/trade-api/ws/v2")
        key = "dGhlIHNhbXBsZSBub25jZQ=="
        answer = client.request(
            "/trade-api/ws/v2",
            under="",
            headers={
                **signed,
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": key,
                "Origin": "https://localhost",
            },
        )
    head, _, body = recorded.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = [line.partition(": ") for line in head.decode().split("\n")[1:]]
    headers = {name: value for name, _, value in lines}
    assert answer.status == 403
    assert answer.body.rstrip() == body.rstrip()
    for name in ("content-type", "sec-websocket-version", "x-content-type-options"):
        assert answer.headers[name] == headers[name]


def _recorded() -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = reference.document("error-bodies.json")["items"]
    return items
