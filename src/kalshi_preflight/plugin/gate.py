"""The gate: what keeps it shut beyond what every run already refuses."""

from collections.abc import Iterable, Mapping

from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis, Status, Survey
from kalshi_preflight.survey.plan import JOURNEYS

NOT_PROVED = "layer-not-proved"
ENGINE_NOT_CHECKED = "engine-not-checked"
TRADING_PAUSED = "trading-paused"
_PROVED = {Status.OK, Status.WARNED}


def gate_reason(
    survey: Survey, environments: Mapping[str, Environment], *, workspace: bool
) -> str | None:
    """The id of the first thing that was not proved, or ``None``.

    ``workspace`` says that an engine's workspace is configured; its checks are part of
    the gate, and without them the gate does not open.
    """
    if workspace:
        return ENGINE_NOT_CHECKED
    for diagnosis in survey.diagnoses:
        environment = environments[diagnosis.environment]
        reason = _unproved(diagnosis, environment.required) or _paused(diagnosis)
        if reason is not None:
            return reason
    return None


def _unproved(diagnosis: Diagnosis, required: Iterable[EndpointKind]) -> str | None:
    """Each layer of each required endpoint must have been taken, and have held."""
    for kind in required:
        journey = diagnosis.journey(kind)
        for layer in JOURNEYS.get(kind, ()):
            step = journey.step(layer) if journey else None
            if step is None or step.status not in _PROVED:
                root = diagnosis.root_cause
                return root.id if root else NOT_PROVED
    return None


def _paused(diagnosis: Diagnosis) -> str | None:
    found = any(cause.id == TRADING_PAUSED for cause in diagnosis.other_causes)
    return TRADING_PAUSED if found else None
