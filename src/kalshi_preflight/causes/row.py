"""One row of the catalogue."""

from dataclasses import dataclass, field

from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A cause and its remedy, written once.

    ``summary`` and ``why`` are prose, ``check`` and ``fix`` are commands; all of them
    are templates whose ``{names}`` are particulars of the case. ``environment``,
    ``endpoint``, ``host``, ``port`` and ``target`` are always there; the others come
    from the rule. A command line that begins with ``#`` is for a person to do.

    ``question`` is the live test that answers "no" because of this cause.
    """

    id: str
    layer: Layer
    blame: Blame
    question: str
    summary: str
    why: str
    check: Commands = field(default_factory=Commands)
    fix: Commands = field(default_factory=Commands)
    more: str | None = None
    severity: Severity = Severity.BROKEN
