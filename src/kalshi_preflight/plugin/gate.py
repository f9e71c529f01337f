"""The gate: what keeps it shut beyond what every run already refuses."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis, Status, Survey
from kalshi_preflight.survey.plan import JOURNEYS

if TYPE_CHECKING:
    from kalshi_preflight.engine.inspection import Inspection

NOT_PROVED = "layer-not-proved"
NOTHING_SURVEYED = "nothing-surveyed"
ENGINE_NOT_CHECKED = "engine-not-checked"
TRADING_PAUSED = "trading-paused"
_PROVED = {Status.OK, Status.WARNED}
_TOKEN_VARIABLE = "PREFLIGHT_TOKEN"  # noqa: S105  # the name of a variable, no secret
_TOKEN = re.compile(r"[0-9A-Za-z-]{1,128}")


def token_of(variables: Mapping[str, str]) -> dict[str, str]:
    """What a launcher recognises its own document by: ``{"token": ...}`` or nothing.

    It is given once, as ``PREFLIGHT_TOKEN``; a document of another run has another one.
    A token of another form is left out: whoever looks for it finds the gate shut.
    """
    token = variables.get(_TOKEN_VARIABLE, "")
    return {"token": token} if _TOKEN.fullmatch(token) else {}


def gate_reason(
    survey: Survey,
    environments: Mapping[str, Environment],
    *,
    workspace: bool,
    inspection: "Inspection | None" = None,
) -> str | None:
    """The id of the first thing that was not proved, or ``None``.

    ``workspace`` says that an engine's workspace is configured; its checks are part of
    the gate, and without them the gate does not open. What is broken stands in the
    document itself; what could not be told is said here. An engine alone is no proof:
    the gate is asked whether it may trade.
    """
    if workspace and inspection is None:
        return ENGINE_NOT_CHECKED
    if not survey.diagnoses:
        return NOTHING_SURVEYED
    for diagnosis in survey.diagnoses:
        environment = environments[diagnosis.environment]
        reason = _unproved(diagnosis, environment.required) or _paused(diagnosis)
        if reason is not None:
            return reason
    return inspection.untold if inspection is not None else None


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
