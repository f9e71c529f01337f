"""The times within a step: how far a request came, and what took so long."""

from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.surveys import survey_environment, survey_faults

pytestmark = pytest.mark.selftest


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Diagnosis:
    """A healthy exchange, surveyed."""
    with Exchange(tmp_path_factory.mktemp("exchange")) as exchange:
        return survey_environment(sandbox_environment(exchange.state))


def evidence(diagnosis: Diagnosis, kind: EndpointKind, layer: Layer) -> Evidence:
    """What was seen on one layer."""
    journey = diagnosis.journey(kind)
    step = journey.step(layer) if journey else None
    assert step is not None
    return step.evidence


def test_a_request_leaves_before_its_answer_begins(healthy: Diagnosis) -> None:
    """Request, first byte and end of an answer follow each other within the step."""
    step = evidence(healthy, EndpointKind.REST, Layer.HTTP)
    facts = step.facts
    times = [facts[name] for name in ("request_ms", "first_byte_ms", "elapsed_ms")]
    assert times == sorted(times)
    # A tenth of a millisecond is the unit: on loopback a request may leave in less.
    assert 0 <= times[0] <= times[-1] <= step.elapsed_ms + 0.1


def test_the_control_is_asked_for_after_the_signed_answer(healthy: Diagnosis) -> None:
    """The damaged request begins once the signed one has been answered."""
    step = evidence(healthy, EndpointKind.REST, Layer.AUTH)
    balance, damaged = step.facts["balance"], step.facts["damaged"]
    assert balance["begun_ms"] + balance["elapsed_ms"] <= damaged["begun_ms"] + 0.2
    assert damaged["begun_ms"] + damaged["elapsed_ms"] <= step.elapsed_ms + 0.2


def test_upgrade_and_variations_lie_within_the_step(healthy: Diagnosis) -> None:
    """The upgrade's request leaves first; the variations end with the step."""
    step = evidence(healthy, EndpointKind.WEBSOCKET, Layer.WEBSOCKET)
    upgrade = step.facts["upgrade"]
    assert 0 <= upgrade["request_ms"] <= upgrade["elapsed_ms"]
    assert upgrade["elapsed_ms"] <= step.facts["varied_ms"] <= step.elapsed_ms + 0.1


def test_a_request_without_an_answer_has_left(tmp_path: Path) -> None:
    """Of a server that says nothing it is known that the request was sent."""
    stalled = survey_faults(tmp_path, ["http-stall"], budget_seconds=1)
    facts = evidence(stalled, EndpointKind.REST, Layer.HTTP).facts
    assert "request_ms" in facts
    assert "first_byte_ms" not in facts
