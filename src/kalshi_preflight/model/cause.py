"""Causes and hints: what is broken, whose fault it is, and what mends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer


class Severity(StrEnum):
    """What a cause means for the verdict."""

    BROKEN = "broken"  # the journey ends here
    WARNING = "warning"  # the environment is degraded, its test passes and says so
    NOTE = "note"  # worth knowing; changes nothing


class Blame(StrEnum):
    """Whose fault it is, so that the reader knows whom to ask."""

    LOCAL = "local"
    NETWORK = "network"
    CONFIG = "config"
    CREDENTIALS = "credentials"
    EXCHANGE = "exchange"
    ENGINE = "engine"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Lines to type, for both families of shells."""

    powershell: tuple[str, ...] = ()
    posix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """The remedy that fits: why it happens, how to check, how to mend, what to read.

    ``why`` is prose with the particulars of this case; ``check`` and ``fix`` are
    commands (a line that begins with ``#`` is an instruction for a person); ``more`` is
    a link or ``None``.
    """

    why: str
    check: Commands = field(default_factory=Commands)
    fix: Commands = field(default_factory=Commands)
    more: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing that is wrong, with its particulars.

    ``id`` is contract (never renamed, never reused); ``question`` is the name of the
    live test that answers "no" because of it; ``evidence`` holds the particulars that
    the summary and the hint name; ``target`` is ``host:port``.
    """

    id: str
    layer: Layer
    endpoint: EndpointKind
    severity: Severity
    blame: Blame
    question: str
    summary: str
    target: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineCause:
    """One thing that is wrong with the trading engine or its files.

    Like :class:`Cause`, but on no layer of any journey. ``cannot_tell`` marks a state
    in which the question can be answered neither way; its test is skipped and says so.
    """

    id: str
    severity: Severity
    blame: Blame
    question: str
    summary: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    cannot_tell: bool = False


AnyCause = Cause | EngineCause
