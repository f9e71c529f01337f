"""Verdicts: one root cause, and nothing else is lost."""

from dataclasses import replace

import pytest

from kalshi_preflight.model.cause import Blame, Cause, Severity
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.journey import Journey, Reach, Status, Step
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.survey.verdict import diagnose

pytestmark = pytest.mark.selftest

REST, WEBSOCKET = EndpointKind.REST, EndpointKind.WEBSOCKET
LAB = Environment(name="lab", endpoints={})


def cause(
    id_: str,
    *,
    endpoint: EndpointKind = REST,
    severity: Severity = Severity.BROKEN,
    target: str = "lab.test:443",
) -> Cause:
    """A cause on the DNS layer."""
    return Cause(
        id=id_,
        layer=Layer.DNS,
        endpoint=endpoint,
        severity=severity,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary=id_,
        target=target,
    )


def journey(endpoint: EndpointKind, *causes: Cause) -> Journey:
    """A journey of one step with these causes."""
    step = Step(layer=Layer.DNS, evidence=Evidence(layer=Layer.DNS), causes=causes)
    return Journey(endpoint=endpoint, target="lab.test:443", steps=(step,))


def test_nothing_found_is_reachable() -> None:
    """No cause at all: reachable, no root cause."""
    diagnosis = diagnose(LAB, [journey(REST), journey(WEBSOCKET)])
    assert diagnosis.verdict is Reach.REACHABLE
    assert diagnosis.root_cause is None


def test_rest_comes_before_websocket() -> None:
    """Both broken: REST's is the root, the other one is kept."""
    ours, theirs = cause("rest-cause"), cause("ws-cause", endpoint=WEBSOCKET)
    diagnosis = diagnose(LAB, [journey(WEBSOCKET, theirs), journey(REST, ours)])
    assert diagnosis.root_cause == ours
    assert diagnosis.other_causes == (theirs,)
    assert diagnosis.verdict is Reach.UNREACHABLE


def test_the_same_cause_at_the_same_place_is_said_once() -> None:
    """Two journeys to one host and port meet one cause, not two."""
    diagnosis = diagnose(
        LAB,
        [journey(REST, cause("x-y")), journey(WEBSOCKET, cause("x-y"))],
    )
    assert diagnosis.other_causes == ()


def test_warnings_degrade_and_notes_do_not() -> None:
    """A warning makes the environment degraded; a note changes nothing."""
    warning = cause("w-w", severity=Severity.WARNING)
    note = cause("n-n", severity=Severity.NOTE)
    assert diagnose(LAB, [journey(REST, warning)]).verdict is Reach.DEGRADED
    assert diagnose(LAB, [journey(REST, note)]).verdict is Reach.REACHABLE


def test_what_is_not_required_only_degrades() -> None:
    """A broken journey that is not required is no root cause."""
    lenient = replace(LAB, required=(REST,))
    broken = cause("ws-cause", endpoint=WEBSOCKET)
    diagnosis = diagnose(lenient, [journey(REST), journey(WEBSOCKET, broken)])
    assert diagnosis.root_cause is None
    assert diagnosis.verdict is Reach.DEGRADED
    assert diagnosis.other_causes == (broken,)


def test_a_machine_wide_cause_breaks_once() -> None:
    """Offline is the machine's: the first journey breaks, the others are blocked."""
    offline = "network-offline"
    diagnosis = diagnose(
        LAB,
        [
            journey(REST, cause(offline)),
            journey(WEBSOCKET, cause(offline, endpoint=WEBSOCKET)),
        ],
    )
    first, second = (journey.steps[0].status for journey in diagnosis.journeys)
    assert (first, second) == (Status.BROKEN, Status.BLOCKED)
    assert diagnosis.other_causes == ()
