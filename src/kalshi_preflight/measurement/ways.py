"""Which parts may be measured: only over ways that the survey found open."""

from collections.abc import Mapping

from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis, Status
from kalshi_preflight.model.layer import Layer

#: The step that has to hold for a part to be measured.
PARTS: Mapping[str, tuple[EndpointKind, Layer]] = {
    "polling": (EndpointKind.REST, Layer.HTTP),
    "streaming": (EndpointKind.WEBSOCKET, Layer.WEBSOCKET),
    "readiness": (EndpointKind.REST, Layer.AUTH),
}


def closed(environment: Environment, diagnosis: Diagnosis) -> dict[str, str]:
    """Each part that is not to be measured, and why."""
    found = {
        name: _closed(environment, diagnosis, kind, layer)
        for name, (kind, layer) in PARTS.items()
    }
    return {name: reason for name, reason in found.items() if reason is not None}


def _closed(
    environment: Environment, diagnosis: Diagnosis, kind: EndpointKind, layer: Layer
) -> str | None:
    if kind not in environment.endpoints:
        return f"not configured: {kind}"
    journey = diagnosis.journey(kind)
    step = journey.step(layer) if journey else None
    if journey is None or step is None:
        return f"nothing to ask: {kind} was not surveyed up to {layer}"
    if step.status in (Status.OK, Status.WARNED):
        return None
    cause = step.broken.id if step.broken else step.blocked_by
    if cause is not None:
        return f"blocked by {cause}"
    return f"nothing to ask: {step.evidence.skipped}"
