"""What a rule says: found, ask, or wait for somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.credentials import Remark
from kalshi_preflight.model.environment import Endpoint, Environment
from kalshi_preflight.model.evidence import Evidence, Facts
from kalshi_preflight.model.layer import Layer


@dataclass(frozen=True, slots=True)
class Found:
    """A cause, by its id, with the particulars that its summary and hint name.

    ``layer`` is where it belongs if that is not the layer of the evidence: a reset that
    comes before TLS has sent a byte is TCP's. ``severity`` and ``question`` stand in
    for the row's where the case decides them.
    """

    id: str
    particulars: Mapping[str, Any] = field(default_factory=dict)
    layer: Layer | None = None
    severity: Severity | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """The symptom has several causes; this observation tells them apart.

    ``observation`` is a name of ``probes.observations.OBSERVATIONS``, or ``rest-auth``:
    the outcome of the environment's own REST journey.
    """

    observation: str


@dataclass(frozen=True, slots=True)
class BlockedBy:
    """The step could not be judged: a cause of another journey stands before it."""

    cause: str


Finding = Found | Ask | BlockedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a rule may know beside the evidence.

    ``remarks`` and ``problem`` come from the offline checks of the credentials;
    ``lower`` is the evidence of the layers below; ``observations`` the facts of those
    made so far, by name (``{"failure": …}`` where one failed).
    """

    environment: Environment
    endpoint: Endpoint
    remarks: tuple[Remark, ...] = ()
    problem: Remark | None = None
    lower: Mapping[Layer, Evidence] = field(default_factory=dict)
    observations: Mapping[str, Facts] = field(default_factory=dict)

    def missing(self, *names: str) -> list[Finding]:
        """Those of the observations that have not been made yet, as questions."""
        return [Ask(name) for name in names if name not in self.observations]
