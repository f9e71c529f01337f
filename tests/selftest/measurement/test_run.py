"""Measuring as a whole: only what is open, within the budget, harmless."""

from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering
from kalshi_preflight.exchange.message import Request, Response, as_json
from kalshi_preflight.exchange.refusals import KEY_LIST_DENIED
from kalshi_preflight.measurement.extent import Extent
from kalshi_preflight.measurement.purse import BASIC_BURST_TOKENS, allowance
from kalshi_preflight.model.credentials import Credentials
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.measurement.measured import measured
from tests.selftest.surveys import survey_environment, with_numbers

pytestmark = pytest.mark.selftest


def is_key_list(request: Request) -> bool:
    """Whether a request is for the account's keys."""
    return request.path.endswith("/api_keys")


def test_a_run_stays_under_a_fifth_of_basic(tmp_path: Path) -> None:
    """Survey and measuring together ask for less than a fifth, and only by GET."""
    with measured(tmp_path) as run:
        ledger = run.exchange.ledger
        tokens = 10 * ledger.count("rest")
        assert tokens < allowance(run.measurement.seconds) / 5
        assert run.measurement.tokens == tokens, "what is reported is what was sent"
        assert {request.method for request in ledger.rest_requests} == {"GET"}
        assert ledger.state_changing == 0
        assert all(upgrade.origin is None for upgrade in ledger.upgrades[3:])


def test_long_runs_stay_under_a_fifth_too(tmp_path: Path) -> None:
    """An interval that wants more than the purse holds is stretched by it."""
    greedy = Extent(seconds=4, interval_seconds=0.01)
    with measured(tmp_path, extent=greedy) as run:
        polling = run.measurement.polling
        assert polling is not None
        tokens = 10 * run.exchange.ledger.count("rest")
        spent_seconds = polling.seconds + greedy.interval_seconds
        assert tokens > BASIC_BURST_TOKENS / 5
        assert tokens <= allowance(spent_seconds) / 5 + 10 * 5


@pytest.mark.parametrize(
    ("fault", "blocked", "measured_parts"),
    [
        ("dns-nxdomain", {"polling", "streaming", "readiness"}, set()),
        ("key-unknown", {"streaming", "readiness"}, {"polling"}),
        ("ws-401", {"streaming"}, {"polling", "readiness"}),
        ("http-429", {"polling", "readiness"}, {"streaming"}),
    ],
)
def test_only_open_ways_are_measured(
    tmp_path: Path, fault: str, blocked: set[str], measured_parts: set[str]
) -> None:
    """A closed way is blocked by its cause, and not one byte goes over it again."""
    with measured(tmp_path, faults=[fault]) as run:
        root = run.diagnosis.root_cause
        assert root is not None
        closed = run.measurement.closed
        assert closed == dict.fromkeys(blocked, f"blocked by {root.id}")
        parts = ("polling", "streaming", "readiness")
        found = {p for p in parts if run.measurement.part(p) is not None}
        assert found == measured_parts


def test_without_a_key_polling_goes_unsigned(tmp_path: Path) -> None:
    """No credentials: public data is polled all the same, the rest says why not."""
    with Exchange(tmp_path) as exchange:
        environment = sandbox_environment(exchange.state)
        environment = replace(environment, credentials=Credentials())
        diagnosis = survey_environment(environment)
        before = exchange.ledger.count("rest")
        measurement = with_numbers(environment, diagnosis).measurement
        assert measurement is not None
        assert measurement.polling is not None
        assert measurement.polling.answers == measurement.polling.calls
        assert measurement.closed["readiness"].startswith("blocked by key-")
        sent = exchange.ledger.rest_requests[before:]
        names = {name.lower() for request in sent for name, _ in request.headers}
        assert not any(name.startswith("kalshi-access") for name in names)


@pytest.mark.parametrize(
    ("scopes", "may_order"),
    [
        (["read", "write"], True),
        (["read", "write::trade"], True),
        (["read"], False),
        (["read", "write::transfer"], False),
    ],
)
def test_scopes_are_those_of_our_own_key(
    tmp_path: Path, scopes: list[str], may_order: bool
) -> None:
    """Of all keys of the account only ours counts, as the exchange lists it."""

    def list_keys(hooks: Hooks) -> None:
        hooks.http.answers.append(answer)

    async def answer(request: Request, response: Response) -> Response:
        if not is_key_list(request):
            return response
        own = {"api_key_id": request.header("KALSHI-ACCESS-KEY"), "scopes": scopes}
        other = {"api_key_id": "0" * 8, "scopes": ["read", "write"]}
        return as_json({"api_keys": [other, own], "api_key_region_expiration_ts": 1})

    with measured(tmp_path, list_keys) as run:
        readiness = run.measurement.readiness
        assert readiness is not None
        assert readiness.scopes == tuple(scopes)
        assert readiness.may_order is may_order
        assert readiness.location_lapsed is True


def test_what_the_exchange_does_not_tell_is_not_known(tmp_path: Path) -> None:
    """A key that may not list keys has unknown scopes: no claim, no warning."""
    denied = answering(is_key_list, KEY_LIST_DENIED)
    with measured(tmp_path, lambda hooks: hooks.http.answers.append(denied)) as run:
        readiness = run.measurement.readiness
        assert readiness is not None
        assert readiness.scopes is None
        assert readiness.may_order is None
        assert readiness.refused == {"/api_keys": f"status {KEY_LIST_DENIED.status}"}
        assert run.warnings == set()


def test_readiness_is_what_the_exchange_states(tmp_path: Path) -> None:
    """Scopes, tier, location check, activity and the next pause, each by its source."""
    with measured(tmp_path) as run:
        readiness, budget = run.measurement.readiness, run.measurement.budget
        assert readiness is not None
        assert budget is not None
        assert readiness.scopes == ("read", "write")
        assert readiness.location_lapsed is False
        assert readiness.exchange_active is readiness.trading_active is True
        assert readiness.next_pause is not None
        assert readiness.signed_read_ms is not None
        assert budget.tier == "basic"
        assert run.measurement.streaming is not None
        assert run.measurement.streaming.frames > 0, "Basic streams"


def test_progress_is_told_before_anything_is_used() -> None:
    """The announcement names seconds, requests, tokens, the share and connections."""
    text = Extent.of(60).announcement()
    for part in ("60 s", "128 GET requests", "1280 tokens", "10 %", "2 WebSocket"):
        assert part in text


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"trades": 7, "markets": [None, {"ticker": 7}]},
        {"orderbook_fp": 7, "schedule": {"standard_hours": [{"monday": 7}]}},
        {"api_keys": [7], "read": {"refill_rate": "many"}, "usage_tier": []},
        {"read": {"refill_rate": 1e400}, "endpoint_costs": [{"method": "GET"}]},
    ],
    ids=["list", "numbers", "shapes", "words", "infinite"],
)
def test_no_shape_of_an_answer_ends_a_run(tmp_path: Path, document: object) -> None:
    """Whatever REST answers to a measurement, there is one, and nothing is broken."""

    async def answer(request: Request, response: Response) -> Response:
        kept = request.path.endswith(("/exchange/status", "/portfolio/balance"))
        is_upgrade = "/ws/" in request.path
        return response if kept or is_upgrade else as_json(document)

    with measured(tmp_path, lambda hooks: hooks.http.answers.append(answer)) as run:
        assert run.measurement.polling is not None
        assert run.measurement.streaming is not None
        assert run.measurement.readiness is not None
        assert run.diagnosis.root_cause is None


def test_no_frame_ends_a_run(tmp_path: Path) -> None:
    """Whatever stands in a frame, what can be measured is, and nothing is broken."""
    odd: list[object] = [None, 7, "words", [], {"ts_ms": "now", "market_ticker": 7}]

    def garble(frame: dict[str, object]) -> dict[str, object]:
        if frame.get("type") == "subscribed":
            return frame
        odd.append(odd.pop(0))
        return {**frame, "msg": odd[0], "seq": odd[1], "sending_ts_ms": odd[2]}

    with measured(tmp_path, lambda hooks: hooks.websocket.frames.append(garble)) as run:
        assert run.measurement.streaming is not None
        assert run.measurement.streaming.frames > 0
        assert run.diagnosis.root_cause is None
