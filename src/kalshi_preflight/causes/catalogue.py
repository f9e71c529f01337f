"""The catalogue: every row by its id, and how a finding becomes a cause and a hint."""

from collections.abc import Mapping
from typing import Any

from kalshi_preflight.causes import rendering
from kalshi_preflight.causes.findings import Found
from kalshi_preflight.causes.questions import MAIN_QUESTIONS
from kalshi_preflight.causes.row import Row
from kalshi_preflight.causes.rows import ROWS
from kalshi_preflight.model.cause import Cause, Hint
from kalshi_preflight.model.environment import Endpoint, Environment
from kalshi_preflight.model.evidence import Failure
from kalshi_preflight.model.layer import Layer

CATALOGUE: Mapping[str, Row] = {row.id: row for row in ROWS}


def cause_of(
    found: Found, layer: Layer, environment: Environment, endpoint: Endpoint
) -> Cause:
    """Make a cause of a finding on ``layer``; ``KeyError`` for an id without a row."""
    row = CATALOGUE[found.id]
    # A retired host can be met on the DNS step as well: then it is that step's answer.
    own = row.question if row.layer is layer else MAIN_QUESTIONS[layer]
    particulars = {
        "environment": environment.name,
        "endpoint": str(endpoint.kind),
        "host": endpoint.target.host,
        "port": endpoint.target.port,
        "target": str(endpoint.target),
        **found.particulars,
    }
    return Cause(
        id=row.id,
        layer=layer,
        endpoint=endpoint.kind,
        severity=found.severity or row.severity,
        blame=row.blame,
        question=found.question or own,
        summary=rendering.prose(row.summary, particulars),
        target=str(endpoint.target),
        evidence=particulars,
    )


def hint_for(cause: Cause) -> Hint:
    """The catalogue's own hint: the last implementation of the hook."""
    row = CATALOGUE[cause.id]
    particulars: Mapping[str, Any] = cause.evidence
    return Hint(
        why=rendering.prose(row.why, particulars),
        check=rendering.commands(row.check, particulars),
        fix=rendering.commands(row.fix, particulars),
        more=row.more,
    )


def unclassified(layer: Layer, failure: Failure) -> Found:
    """The finding for a failure that no rule names."""
    particulars = {
        "operation": failure.operation,
        "kind": failure.kind,
        "error": failure.text,
        "chain": " <- ".join(failure.chain),
    }
    return Found(f"{layer}-unclassified", particulars)
