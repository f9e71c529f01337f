"""The ways to trade: each answer has its proof, each closed way its remedy."""

from typing import Any

import pytest

from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.ways import Way, recommended, tickers_each_second, ways
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    FIX,
    KEY_MISSING,
    REST,
    WEBSOCKET,
    broken,
    cause,
    degraded,
    diagnosis,
    healthy,
    journey,
    made,
)

pytestmark = pytest.mark.selftest


def environment_of(*diagnoses: Any) -> dict[str, Any]:
    """The first environment of a document of these."""
    found: dict[str, Any] = made(*diagnoses)["environments"][0]
    return found


def rows(environment: dict[str, Any]) -> dict[str, Way]:
    """The ways by their names."""
    return {way.name: way for way in ways(environment)}


def readiness(**changes: Any) -> dict[str, Any]:
    """What the exchange says of a key that may do everything."""
    return {
        "signed_read_ms": 12.0,
        "scopes": ["read", "write"],
        "location_until": None,
        "location_lapsed": None,
        "exchange_active": True,
        "trading_active": True,
        "next_pause": None,
        "refused": {},
        "may_order": True,
        **changes,
    }


def measured(environment: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """The environment with these parts measured."""
    empty = {"polling": None, "budget": None, "streaming": None, "readiness": None}
    numbers = {"seconds": 1.5, "tokens": 90, **empty, "not_measured": {}, **parts}
    return {**environment, "measurements": numbers}


def test_without_measurements_the_steps_prove() -> None:
    """A survey alone answers from its steps, and claims nothing of orders."""
    found = rows(environment_of(healthy()))
    assert found["WebSocket data"].answer == "yes"
    assert found["REST polling data"].answer == "yes"
    assert found["REST orders"].answer == "unknown"
    assert found["FIX orders"].answer == "unknown"


@pytest.mark.parametrize(
    ("changes", "answer", "word"),
    [
        ({}, "yes", "no order was tried"),
        ({"scopes": ["read"], "may_order": False}, "no", "scopes: read"),
        ({"scopes": None, "may_order": None}, "unknown", "did not tell"),
    ],
)
def test_orders_by_scopes(changes: dict[str, Any], answer: str, word: str) -> None:
    """REST orders are open if the key's own scopes say so, and unknown without."""
    environment = measured(environment_of(healthy()), readiness=readiness(**changes))
    way = rows(environment)["REST orders"]
    assert way.answer == answer
    assert word in way.proof


def test_a_lapsed_location_is_said() -> None:
    """Orders need the location check: that it has lapsed is said, and since when."""
    lapsed = readiness(location_lapsed=True, location_until="2026-11-01T00:00Z")
    way = rows(measured(environment_of(healthy()), readiness=lapsed))["REST orders"]
    assert "2026-11-01T00:00Z" in way.note


def test_a_closed_way_has_its_cause() -> None:
    """What closes a way is the cause's own record, remedy and all; no way is lost."""
    environment = environment_of(broken(DNS_FAILURE))
    found = rows(environment)
    for name in ("WebSocket data", "REST polling data", "REST orders"):
        if found[name].answer != "yes":
            assert found[name].cause == environment["root_cause"]
    assert found["REST polling data"].answer == "no"
    assert all(DNS_FAILURE.id in sentence for sentence in recommended(environment))


def test_the_stream_is_recommended_where_it_is_open() -> None:
    """WebSocket before polling, and the note on Origin is for its users."""
    environment = environment_of(healthy())
    assert recommended(environment)[0].startswith("Market data: WebSocket")
    assert "suppress_origin=True" in rows(environment)["WebSocket data"].note


def test_polling_is_for_the_meantime() -> None:
    """A closed WebSocket is to be mended; polling is what one does until then."""
    stripped = cause("ws-upgrade-stripped", Layer.WEBSOCKET, endpoint=WEBSOCKET)
    closed = diagnosis(
        "production",
        *(journey(REST), journey(WEBSOCKET, stripped), journey(FIX)),
        verdict=Reach.UNREACHABLE,
        root=stripped,
    )
    environment = environment_of(closed)
    data = recommended(environment)[0]
    assert data.startswith("Market data: mend the WebSocket (ws-upgrade-stripped)")
    assert "meanwhile poll REST" in data
    way = rows(environment)["WebSocket data"]
    assert way.answer == "no"
    assert way.cause == environment["root_cause"]


def test_a_missing_key_closes_orders_and_not_data() -> None:
    """Without a key public data can be polled, and orders wait for the key."""
    environment = environment_of(broken(KEY_MISSING))
    found = rows(environment)
    assert found["REST polling data"].answer == "yes"
    assert found["REST orders"].answer == "no"
    assert KEY_MISSING.id in recommended(environment)[1]


@pytest.mark.parametrize(
    ("latency_ms", "rate_limited", "rate", "expected"),
    [
        (5.0, 0, 4.0, (20, "the stated budget")),
        (100.0, 0, 4.0, (10, "one connection in turn")),
        (5.0, 3, 2.5, (2, "429s while polling")),
    ],
)
def test_the_least_bound_counts(
    latency_ms: float, rate_limited: int, rate: float, expected: tuple[int, str]
) -> None:
    """Tickers each second: by budget, by the time of a call, or by 429s."""
    polling = {
        "latency": {"count": 8, "p50_ms": latency_ms, "p95_ms": 9.0, "max_ms": 9.0},
        "rate_limited": rate_limited,
        "calls_each_second": rate,
    }
    assert tickers_each_second(polling, {"calls_each_second": 20.0}) == expected


def test_nothing_measured_gives_no_number_of_tickers() -> None:
    """No budget, no latency, no 429: no number is made up."""
    polling = {"latency": None, "rate_limited": 0, "calls_each_second": 0.0}
    assert tickers_each_second(polling, None) is None


def test_fix_is_told_from_the_rest() -> None:
    """FIX is gated by tier, and it is said that the other ways are not."""
    budget = {
        "tier": "basic",
        "tokens_each_second": 200,
        "burst_tokens": 600,
        "call_tokens": 10,
        "calls_each_second": 20,
    }
    way = rows(measured(environment_of(healthy()), budget=budget))["FIX orders"]
    assert way.answer == "unknown"
    assert "basic" in way.note
    assert "REST and WebSocket are for all" in way.note


def test_a_warning_closes_nothing() -> None:
    """A degraded environment has its ways open."""
    found = rows(environment_of(degraded()))
    assert found["REST polling data"].answer == "yes"
