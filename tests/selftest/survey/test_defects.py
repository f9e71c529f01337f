"""A rule of ours that fails itself: told, and nothing else is lost."""

from pathlib import Path

import pytest

from kalshi_preflight.causes.rules import RULES
from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.journey import Status
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.survey import journey as journeys
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest


def test_a_rule_that_fails_is_told_as_a_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its step is unclassified, with the error; the other journeys stand."""

    def fails(*_: object) -> None:
        raise KeyError("no such header")

    monkeypatch.setattr(journeys, "RULES", {**RULES, Layer.WEBSOCKET: fails})
    with Exchange(tmp_path) as exchange:
        found = survey_environment(sandbox_environment(exchange.state))
    assert found.root_cause is not None
    assert found.root_cause.id == "websocket-unclassified"
    assert "no such header" in found.root_cause.summary
    rest = found.journey(EndpointKind.REST)
    assert rest is not None
    assert {step.status for step in rest.steps} == {Status.OK}
