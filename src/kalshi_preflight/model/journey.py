"""Journeys: the way through the layers to one endpoint, and what became of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kalshi_preflight.model.cause import Cause, Severity
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.layer import Layer

if TYPE_CHECKING:  # only a run that measures needs it
    from kalshi_preflight.model.measurement import Measurement


class Status(StrEnum):
    """What became of one step of a journey."""

    OK = "ok"
    WARNED = "warned"
    BROKEN = "broken"
    BLOCKED = "blocked"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One layer of one journey: the evidence, and what the rules made of it.

    ``causes`` are ordered: the first broken one is the step's own cause.
    ``blocked_by`` is the id of the cause, on a lower layer or of the journey this one
    depends on, that kept the step from being taken.
    """

    layer: Layer
    evidence: Evidence
    causes: tuple[Cause, ...] = ()
    blocked_by: str | None = None

    @property
    def broken(self) -> Cause | None:
        """The cause that ends the journey here, if there is one."""
        return next((c for c in self.causes if c.severity is Severity.BROKEN), None)

    @property
    def status(self) -> Status:
        """The step in one word."""
        if self.blocked_by is not None:
            return Status.BLOCKED
        if self.broken is not None:
            return Status.BROKEN
        if self.evidence.skipped is not None:
            return Status.SKIPPED
        if any(cause.severity is Severity.WARNING for cause in self.causes):
            return Status.WARNED
        return Status.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The steps to one endpoint of one environment, lowest layer first."""

    endpoint: EndpointKind
    target: str
    steps: tuple[Step, ...] = ()

    def step(self, layer: Layer) -> Step | None:
        """The step on ``layer``, or ``None`` if the journey was not to go there."""
        return next((step for step in self.steps if step.layer is layer), None)

    @property
    def broken(self) -> Cause | None:
        """The cause of the lowest broken layer."""
        return next((step.broken for step in self.steps if step.broken), None)


class Reach(StrEnum):
    """The verdict on one environment."""

    REACHABLE = "reachable"
    DEGRADED = "degraded"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One environment, diagnosed: one root cause, and all else that was found.

    ``measurement`` is there if the run was asked for numbers.
    """

    environment: str
    verdict: Reach
    journeys: tuple[Journey, ...] = ()
    root_cause: Cause | None = None
    other_causes: tuple[Cause, ...] = ()
    measurement: "Measurement | None" = None

    def journey(self, endpoint: EndpointKind) -> Journey | None:
        """The journey to ``endpoint``, if that endpoint is configured and was asked."""
        return next((j for j in self.journeys if j.endpoint is endpoint), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All environments of one run."""

    diagnoses: tuple[Diagnosis, ...] = field(default=())

    def diagnosis(self, environment: str) -> Diagnosis:
        """The diagnosis of one environment; ``KeyError`` if it was not surveyed."""
        for diagnosis in self.diagnoses:
            if diagnosis.environment == environment:
                return diagnosis
        raise KeyError(environment)
