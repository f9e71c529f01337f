"""Measurements: each no of a live question has a warning that says why."""

from dataclasses import replace
from typing import Any

import pytest

from kalshi_preflight.causes.rules import measured
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.evidence import Evidence, Failure
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.measurement import (
    Measurement,
    Polling,
    Spread,
    Streaming,
)

pytestmark = pytest.mark.selftest

_TARGET = HostPort("api.lab.example", 443)
_REST, _WEBSOCKET = EndpointKind.REST, EndpointKind.WEBSOCKET
_LAB = Environment(
    name="lab",
    endpoints={
        kind: Endpoint(kind=kind, target=_TARGET, url=f"https://{_TARGET}/x")
        for kind in (_REST, _WEBSOCKET)
    },
)
_POLLING = Polling(
    address="192.0.2.1:443",
    ticker="T",
    interval_ms=500,
    seconds=1.5,
    rounds=4,
    calls=8,
    answers=8,
)
_STREAMING = Streaming(
    address="192.0.2.1:443",
    tickers=1,
    seconds=1.8,
    acknowledged_ms=3.0,
    reconnect_ms=9.0,
    frames=20,
)


def late(ms: float) -> Spread:
    """Times that are all the same."""
    return Spread(count=8, p50_ms=ms, p95_ms=ms, max_ms=ms)


def answered(status: int, **facts: Any) -> Evidence:
    """A call that was answered with this status."""
    found = {"status": status, "headers": {}, "body": "", **facts}
    return Evidence(layer=Layer.HTTP, facts=found)


def ended(kind: str, layer: Layer, **facts: Any) -> Evidence:
    """What ended with an exception."""
    failure = Failure(operation=str(layer), kind=kind)
    return Evidence(layer=layer, facts=facts, failure=failure, elapsed_ms=5000)


def found(polling: Polling = _POLLING, streaming: Streaming = _STREAMING) -> Any:
    """Question and id of every finding."""
    measurement = Measurement(
        environment="lab", seconds=1.5, polling=polling, streaming=streaming
    )
    findings = measured.judge(measurement, _LAB)
    assert {finding.severity for finding in findings} <= {Severity.WARNING}
    return {(finding.question, finding.id) for finding in findings}


def test_good_numbers_find_nothing() -> None:
    """What is within its bounds is no finding."""
    assert found() == set()


@pytest.mark.parametrize(
    ("changes", "question", "cause"),
    [
        ({"oldest_copy_seconds": 12.0}, "test_polling_is_fresh", "http-stale"),
        ({"book_lag": late(3000)}, "test_polling_is_fresh", "http-stale"),
        ({"latency": late(2500)}, "test_polling_is_quick", "http-slow"),
    ],
)
def test_numbers_of_polling(changes: Any, question: str, cause: str) -> None:
    """Old and slow answers are warned of under their question."""
    assert found(polling=replace(_POLLING, **changes)) == {(question, cause)}


@pytest.mark.parametrize(
    "changes",
    [
        {"oldest_copy_seconds": 0.4},
        {"oldest_copy_seconds": 1.0},
        {"book_lag": late(900)},
        {"latency": late(1900)},
        {"books_unlike": 3},
    ],
)
def test_what_is_within_bounds(changes: Any) -> None:
    """As old as one round, or a second, is what polling has to live with."""
    assert found(polling=replace(_POLLING, **changes)) == set()


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 418, 429, 500, 503])
def test_every_other_status_has_a_name(status: int) -> None:
    """No answer but 200 goes without a cause, whatever would tell look-alikes apart."""
    polling = replace(_POLLING, answers=0, troubles=(answered(status),))
    question = "test_polling_is_answered"
    if status == 429:
        question = "test_polling_is_within_the_limits"
    findings = found(polling=polling)
    assert {name for name, _ in findings} == {question}


@pytest.mark.parametrize(
    "kind", ["timeout", "reset", "closed", "refused", "protocol", "decoding", "odd"]
)
def test_every_failure_has_a_name(kind: str) -> None:
    """No exception goes without a cause, on either way."""
    polling = replace(_POLLING, troubles=(ended(kind, Layer.HTTP),))
    assert {name for name, _ in found(polling=polling)} == {"test_polling_is_answered"}
    upgraded = ended(kind, Layer.WEBSOCKET, upgrade={"status": 101})
    streaming = replace(_STREAMING, drops=1, troubles=(upgraded,))
    assert {name for name, _ in found(streaming=streaming)} == {"test_stream_holds"}


@pytest.mark.parametrize("status", [101, 400, 401, 403, 404, 426, 429, 500, 503])
def test_every_refused_return_has_a_name(status: int) -> None:
    """A connection that is not given back, or is silent, is warned of."""
    upgrade = {"status": status, "headers": {}, "body": ""}
    trouble = Evidence(layer=Layer.WEBSOCKET, facts={"upgrade": upgrade})
    streaming = replace(_STREAMING, reconnect_ms=None, troubles=(trouble,))
    assert {name for name, _ in found(streaming=streaming)} == {"test_stream_holds"}


@pytest.mark.parametrize(
    ("changes", "question", "cause"),
    [
        ({"missing": 2, "gaps": 1}, "test_stream_is_whole", "ws-sequence-gap"),
        ({"ping": late(1200)}, "test_stream_answers_pings", "ws-slow"),
    ],
)
def test_numbers_of_streaming(changes: Any, question: str, cause: str) -> None:
    """Missing frames and slow pings are warned of under their question."""
    assert found(streaming=replace(_STREAMING, **changes)) == {(question, cause)}
