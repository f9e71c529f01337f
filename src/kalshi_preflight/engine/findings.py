"""What a rule says of the engine: found, or cannot be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kalshi_preflight.model.cause import Severity


@dataclass(frozen=True, slots=True)
class Found:
    """A condition, by its id, with the particulars that its summary and hint name.

    ``severity`` stands in for the row's where the case decides it.
    """

    id: str
    particulars: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A question that cannot be answered, and why.

    ``blocked_by`` is the id of the cause, of the engine's or of an environment's, that
    stands before it.
    """

    question: str
    reason: str
    blocked_by: str | None = None


Finding = Found | Unknown
