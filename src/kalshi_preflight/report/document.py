"""The diagnosis document: the facts of one run, in the shape that others rely on.

Everything else that people see is made from it, so nothing can disagree with it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kalshi_preflight.model.cause import (
    AnyCause,
    Cause,
    Commands,
    EngineCause,
    Hint,
    Severity,
)
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.journey import Diagnosis, Journey, Status, Step, Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.plain import plain_text, plain_value, timestamp
from kalshi_preflight.report.verdict import NOTHING_SURVEYED, reason_against

if TYPE_CHECKING:  # only a run that measures needs it
    from kalshi_preflight.model.measurement import Measurement

#: Version of the document's shape; ``diagnosis.schema.json`` describes it.
SCHEMA_VERSION = 1

#: The remedy for a cause of the environment of that name, if there is one.
HintFor = Callable[[str, Cause], Hint | None]

#: Which step of which journey answers the question whether one can do a thing.
CAPABILITIES = {
    "rest_market_data": (EndpointKind.REST, Layer.HTTP),
    "websocket_market_data": (EndpointKind.WEBSOCKET, Layer.WEBSOCKET),
    "rest_account": (EndpointKind.REST, Layer.AUTH),
    "fix_session": (EndpointKind.FIX, Layer.FIX),
}

_COUNTS = ("passed", "failed", "blocked", "skipped")


def provisional(
    suite_version: str, started: datetime, vantage: str | None = None
) -> dict[str, Any]:
    """The document of a run that has shown nothing yet: complete, valid, no-go.

    ``vantage`` is the name of the place that this run looks from.
    """
    place = plain_text(vantage or "")
    return {
        "schema": SCHEMA_VERSION,
        "suite": plain_text(suite_version),
        "started": timestamp(started),
        **({"vantage": place} if place else {}),
        "duration_ms": 0,
        "verdict": "no-go",
        "environments": [],
        "engine": {"verdict": "not-checked", "causes": [], "facts": {}},
        "tests": dict.fromkeys(_COUNTS, 0),
    }


def document(
    survey: Survey,
    *,
    hints: HintFor,
    suite_version: str,
    started: datetime,
    duration_ms: float,
    tests: Mapping[str, int],
    engine: Mapping[str, Any] | None = None,
    selected: Iterable[str] = (),
    gate_reason: str | None = None,
    vantage: str | None = None,
) -> dict[str, Any]:
    """The whole run, JSON-shaped whatever the facts contain.

    ``selected`` names the environments that were to be surveyed: one that is missing
    from ``survey`` is a no-go. ``gate_reason`` is the id of what the gate alone refuses
    (``trading-paused``); it makes the document no-go and stands in it.
    """
    whole = provisional(suite_version, started, vantage)
    whole["duration_ms"] = round(duration_ms)
    whole["environments"] = [
        environment_record(diagnosis, hints) for diagnosis in survey.diagnoses
    ]
    if engine is not None:
        whole["engine"] = dict(engine)
    whole["tests"] = {name: int(tests.get(name, 0)) for name in _COUNTS}
    surveyed = {diagnosis.environment for diagnosis in survey.diagnoses}
    if gate_reason is None and not surveyed.issuperset(selected):
        gate_reason = NOTHING_SURVEYED
    if gate_reason is not None:
        whole["gate_reason"] = plain_text(gate_reason)
    against = reason_against({**whole, "verdict": "go"})
    whole["verdict"] = "go" if against is None else "no-go"
    return whole


def environment_record(diagnosis: Diagnosis, hints: HintFor) -> dict[str, Any]:
    """One environment of the document."""

    def record(cause: Cause) -> dict[str, Any]:
        return cause_record(cause, hints(diagnosis.environment, cause))

    root, measurement = diagnosis.root_cause, diagnosis.measurement
    measured = {} if measurement is None else _measured(measurement)
    return {
        "name": plain_text(diagnosis.environment),
        "verdict": diagnosis.verdict.value,
        "root_cause": None if root is None else record(root),
        "other_causes": [record(cause) for cause in diagnosis.other_causes],
        "capabilities": {
            name: capability(diagnosis.journey(endpoint), layer)
            for name, (endpoint, layer) in CAPABILITIES.items()
        },
        "journeys": [journey_record(journey) for journey in diagnosis.journeys],
        **measured,
    }


def _measured(measurement: "Measurement") -> dict[str, Any]:
    from kalshi_preflight.report.measurements import measurements_record

    return measurements_record(measurement)


def capability(journey: Journey | None, layer: Layer) -> str:
    """``yes`` if the step on ``layer`` was taken and held, ``no`` if the way is broken.

    A step that was not taken for a reason outside its own journey (no credentials to
    try with) shows nothing: ``unknown``.
    """
    step = journey.step(layer) if journey else None
    if journey is None or step is None:
        return "unknown"
    if step.status in (Status.OK, Status.WARNED):
        return "yes"
    broken_below = any(
        lower.broken for lower in journey.steps if lower.layer.rank < layer.rank
    )
    return "no" if step.broken or broken_below else "unknown"


def journey_record(journey: Journey) -> dict[str, Any]:
    """One journey of the document, its steps lowest layer first."""
    return {
        "endpoint": journey.endpoint.value,
        "target": plain_text(journey.target),
        "steps": [_step_record(step) for step in journey.steps],
    }


def _step_record(step: Step) -> dict[str, Any]:
    blocked_by = step.blocked_by
    return {
        "layer": step.layer.value,
        "status": step.status.value,
        "elapsed_ms": _milliseconds(step.evidence.elapsed_ms),
        "cause": _step_cause(step),
        "blocked_by": None if blocked_by is None else plain_text(blocked_by),
        "facts": _facts(step.evidence),
    }


def _step_cause(step: Step) -> str | None:
    """What made the step broken or warned; a note changes neither."""
    worst = {Status.BROKEN: Severity.BROKEN, Status.WARNED: Severity.WARNING}
    severity = worst.get(step.status)
    return next((c.id for c in step.causes if c.severity is severity), None)


def _facts(evidence: Evidence) -> dict[str, Any]:
    facts = dict(evidence.facts)
    if evidence.failure is not None:
        facts["failure"] = evidence.failure
    if evidence.skipped is not None:
        facts["skipped"] = evidence.skipped
    return dict(plain_value(facts))


def _milliseconds(elapsed_ms: float) -> float:
    plain = plain_value(float(elapsed_ms))
    return max(0.0, round(plain, 1)) if isinstance(plain, float) else 0.0


def engine_record(
    verdict: str,
    causes: Iterable[EngineCause],
    facts: Mapping[str, Any],
    hints: Callable[[EngineCause], Hint | None],
) -> dict[str, Any]:
    """The engine of the document; ``causes`` are ordered, the gravest first."""
    return {
        "verdict": verdict,
        "causes": [cause_record(cause, hints(cause)) for cause in causes],
        "facts": plain_value(facts),
    }


def cause_record(cause: AnyCause, hint: Hint | None) -> dict[str, Any]:
    """One cause of the document; ``target`` joins the evidence, where readers look.

    A cause of the engine has neither layer nor endpoint.
    """
    target: dict[str, Any] = {}
    place: dict[str, Any] = {}
    if isinstance(cause, Cause):
        target = {"target": cause.target} if cause.target else {}
        place = {"layer": cause.layer.value, "endpoint": cause.endpoint.value}
    return {
        "id": cause.id,
        **place,
        "severity": cause.severity.value,
        "blame": cause.blame.value,
        "summary": plain_text(cause.summary),
        "hint": None if hint is None else _hint_record(hint),
        "evidence": plain_value({**target, **cause.evidence}),
    }


def _hint_record(hint: Hint) -> dict[str, Any]:
    return {
        "why": plain_text(hint.why),
        "check": _commands_record(hint.check),
        "fix": _commands_record(hint.fix),
        "more": None if hint.more is None else plain_text(hint.more),
    }


def _commands_record(commands: Commands) -> dict[str, list[str]]:
    return {
        "powershell": [plain_text(line) for line in commands.powershell],
        "posix": [plain_text(line) for line in commands.posix],
    }
