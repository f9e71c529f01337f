"""One row of the engine's catalogue."""

from dataclasses import dataclass, field

from kalshi_preflight.model.cause import Blame, Commands, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRow:
    """A condition and its remedy, written once.

    ``summary`` and ``why`` are prose, ``check`` and ``fix`` are commands; all of them
    are templates whose ``{names}`` are particulars. ``home``, ``database``, ``log``,
    ``dotenv``, ``start_script`` and ``engine`` are always there. ``cannot_tell`` marks
    a state in which the question can be answered neither way.
    """

    id: str
    question: str
    summary: str
    why: str
    check: Commands = field(default_factory=Commands)
    fix: Commands = field(default_factory=Commands)
    severity: Severity = Severity.BROKEN
    blame: Blame = Blame.ENGINE
    more: str | None = None
    cannot_tell: bool = False


def both(*lines: str) -> Commands:
    """The same lines for both shells: what a person has to do, or what is the same."""
    return Commands(powershell=lines, posix=lines)


def by_hand(*lines: str) -> Commands:
    """Things that a person has to do."""
    return both(*(f"# {line}" for line in lines))
