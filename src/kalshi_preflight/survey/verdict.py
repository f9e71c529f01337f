"""From journeys to one verdict and one root cause for each environment."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kalshi_preflight.model.cause import Cause, Severity
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis, Journey, Reach, Step

if TYPE_CHECKING:  # only a run that measures needs it
    from kalshi_preflight.model.measurement import Measurement

#: The causes that are the machine's own: said once, however many journeys meet them.
_MACHINE_WIDE = {"network-offline"}


def diagnose(environment: Environment, journeys: Sequence[Journey]) -> Diagnosis:
    """Judge one environment by its journeys (causes.md, "the lowest layer")."""
    journeys = _said_once(journeys)
    required = [j for j in journeys if j.endpoint in environment.required]
    root = next((j.broken for j in _by_weight(required) if j.broken), None)
    others = _others(root, journeys)
    return Diagnosis(
        environment=environment.name,
        verdict=_reach(root, others),
        journeys=tuple(journeys),
        root_cause=root,
        other_causes=others,
    )


def measured(diagnosis: Diagnosis, measurement: "Measurement") -> Diagnosis:
    """The diagnosis with its numbers: a measurement warns, and breaks nothing."""
    seen = {_identity(cause) for cause in diagnosis.other_causes}
    more = tuple({_identity(c): c for c in measurement.causes}.values())
    others = (
        *diagnosis.other_causes,
        *(cause for cause in more if _identity(cause) not in seen),
    )
    return replace(
        diagnosis,
        verdict=_reach(diagnosis.root_cause, others),
        other_causes=others,
        measurement=measurement,
    )


def _by_weight(journeys: Sequence[Journey]) -> list[Journey]:
    """REST before WebSocket before FIX."""
    order = list(EndpointKind)
    return sorted(journeys, key=lambda journey: order.index(journey.endpoint))


def _others(root: Cause | None, journeys: Sequence[Journey]) -> tuple[Cause, ...]:
    """Everything else that was found, each once."""
    seen = {_identity(root)} if root else set()
    others = []
    for journey in journeys:
        for step in journey.steps:
            for cause in step.causes:
                if _identity(cause) not in seen:
                    seen.add(_identity(cause))
                    others.append(cause)
    return tuple(others)


def _identity(cause: Cause) -> tuple[str, str]:
    """Two journeys to one host and port meet the same cause there."""
    return cause.id, cause.target


def _reach(root: Cause | None, others: Sequence[Cause]) -> Reach:
    if root is not None:
        return Reach.UNREACHABLE
    if any(cause.severity is not Severity.NOTE for cause in others):
        return Reach.DEGRADED
    return Reach.REACHABLE


def _said_once(journeys: Sequence[Journey]) -> list[Journey]:
    """Keep a machine-wide cause on the first journey; on the others it only blocks."""
    said: set[str] = set()
    kept = []
    for journey in _by_weight(journeys):
        broken = journey.broken
        if broken is not None and broken.id in said:
            steps = tuple(_blocked(step, broken) for step in journey.steps)
            journey = replace(journey, steps=steps)  # noqa: PLW2901  # the same, marked
        elif broken is not None and broken.id in _MACHINE_WIDE:
            said.add(broken.id)
        kept.append(journey)
    return kept


def _blocked(step: Step, cause: Cause) -> Step:
    if step.broken is None:
        return step
    others = tuple(other for other in step.causes if other.id != cause.id)
    return replace(step, causes=others, blocked_by=cause.id)
