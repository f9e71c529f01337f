"""The engine's catalogue: how a finding becomes a cause, and a cause gets its hint."""

from collections.abc import Mapping
from typing import Any

from kalshi_preflight.causes import rendering
from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Found
from kalshi_preflight.engine.row import EngineRow
from kalshi_preflight.engine.rows import ROWS
from kalshi_preflight.model.cause import EngineCause, Hint, Severity

CATALOGUE: Mapping[str, EngineRow] = {row.id: row for row in ROWS}


def cause_of(found: Found, context: Context) -> EngineCause:
    """Make a cause of a finding; ``KeyError`` for an id without a row."""
    row = CATALOGUE[found.id]
    particulars: dict[str, Any] = {
        "home": str(context.home),
        "engine": context.profile.name,
        "database": str(context.database),
        "log": str(context.log),
        "dotenv": str(context.dotenv),
        "start_script": context.profile.start_script,
        **found.particulars,
    }
    severity = found.severity or row.severity
    return EngineCause(
        id=row.id,
        severity=severity,
        blame=row.blame,
        question=row.question,
        summary=rendering.prose(row.summary, particulars),
        evidence=particulars,
        cannot_tell=row.cannot_tell and severity is Severity.WARNING,
    )


def hint_for(cause: EngineCause) -> Hint:
    """The catalogue's own hint."""
    row = CATALOGUE[cause.id]
    return Hint(
        why=rendering.prose(row.why, cause.evidence),
        check=rendering.commands(row.check, cause.evidence),
        fix=rendering.commands(row.fix, cause.evidence),
        more=row.more,
    )
