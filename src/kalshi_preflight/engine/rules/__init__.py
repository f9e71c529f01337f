"""Rules of the engine: facts -> findings. One file a subject, pure, listed here."""

from collections.abc import Callable, Iterable
from typing import Any

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Finding
from kalshi_preflight.engine.rules import (
    account,
    dashboard,
    database,
    log,
    process,
    snapshots,
)

#: All facts of the inspection, by subject.
Facts = dict[str, dict[str, Any]]
Rule = Callable[[Facts, Context], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    database.judge,
    snapshots.judge,
    log.judge,
    process.judge,
    account.judge,
    dashboard.judge,
)
