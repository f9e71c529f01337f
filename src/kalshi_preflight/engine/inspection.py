"""One inspection of one workspace: look at everything, then judge it together."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kalshi_preflight.engine import (
    code,
    dashboard,
    database,
    dotenv,
    log,
    processes,
    tasks,
)
from kalshi_preflight.engine.catalogue import cause_of
from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Finding, Found, Unknown
from kalshi_preflight.engine.precedence import settle
from kalshi_preflight.engine.rules import RULES
from kalshi_preflight.engine.rules.snapshots import newest_unix
from kalshi_preflight.model.cause import EngineCause, Severity

Facts = dict[str, dict[str, Any]]
#: Facts that only the rules need: too long or too private for a report.
_PRIVATE = {
    "database": {"snapshots", "orders", "fills", "positions", "beside", "inside"},
    "log": {"times_unix"},
    "dashboard": {"times_unix"},
}
#: What a gate says of a question that had no answer and no cause to blame.
NOT_PROVED = "engine-not-proved"
_TABLES = ("orders", "fills", "positions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of a workspace, before anything is judged.

    ``settings`` are the findings on the settings file, which is judged as it is read:
    its values are not kept.
    """

    facts: Facts
    settings: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The verdict on one engine: causes, questions without an answer, and the facts.

    ``positions`` are those of database and exchange side by side.
    """

    causes: tuple[EngineCause, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    positions: tuple[Mapping[str, Any], ...] = ()

    @property
    def broken(self) -> EngineCause | None:
        """The first cause that makes the engine unhealthy."""
        causes = (c for c in self.causes if c.severity is Severity.BROKEN)
        return next(causes, None)

    @property
    def untold(self) -> str | None:
        """The id of the first thing that could not be told, for a gate."""
        told = [c.id for c in self.causes if c.cannot_tell]
        blocked = [u.blocked_by or NOT_PROVED for u in self.unknown]
        return next(iter([*told, *blocked]), None)

    @property
    def verdict(self) -> str:
        """``healthy``, ``unhealthy``, or ``not-checked`` if the books were not read."""
        if self.broken is not None:
            return "unhealthy"
        unread = any((u.blocked_by or "").startswith("db-") for u in self.unknown)
        return "not-checked" if unread else "healthy"


def look(context: Context) -> Seen:
    """Look at everything in the workspace; touches nothing, and never raises."""
    facts: Facts = {}
    settings: list[Found] = []
    profile = context.profile
    _take(facts, "database", lambda: database.inspect(context.database, profile))
    _take(
        facts,
        "log",
        lambda: log.inspect(
            context.log,
            profile,
            now_unix=context.now_unix,
            offset_seconds=context.offset_seconds,
        ),
    )
    _take(facts, "process", lambda: processes.inspect(context.home, profile))
    _take(facts, "tasks", lambda: {"tasks": tasks.inspect(context.home, profile)})
    _take(facts, "code", lambda: code.inspect(context.home, profile))

    def read_settings() -> dict[str, Any]:
        rsa_only = bool(facts["code"].get("rsa_only"))
        told, found = dotenv.inspect(context, rsa_only=rsa_only)
        settings.extend(found)
        return told

    _take(facts, "dotenv", read_settings)
    board = context.dashboard
    if board is not None:
        _take(facts, "dashboard", lambda: dashboard.inspect(board, profile))
    return Seen(facts=facts, settings=tuple(settings))


def _take(facts: Facts, subject: str, inspect: Callable[[], dict[str, Any]]) -> None:
    facts[subject] = looked_at(inspect)


def looked_at(inspect: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The facts of one subject; what looking did not foresee is one too, our defect."""
    try:
        return inspect()
    except (
        *(OSError, ValueError, TypeError, LookupError, sqlite3.Error),
        *(ArithmeticError, RecursionError, MemoryError),
    ) as error:
        return {"defect": f"{type(error).__name__}: {error}"[:300]}


def judge(seen: Seen, context: Context) -> Inspection:
    """Judge what was seen, in the light of the account and of the live layers."""
    facts = seen.facts
    findings: list[Finding] = [*_unverified(seen)]
    for subject, told in facts.items():
        if "defect" in told:
            defect = {"subject": subject, "error": told["defect"]}
            findings.append(Found("v8-unclassified", defect))
    if not findings or not any("defect" in told for told in facts.values()):
        for rule in RULES:
            findings.extend(rule(facts, context))
    found = settle([f for f in findings if isinstance(f, Found)])
    causes = sorted(
        (cause_of(finding, context) for finding in found),
        key=lambda cause: list(Severity).index(cause.severity),
    )
    unknown = [f for f in findings if isinstance(f, Unknown)]
    positions = tuple(_positions(facts, context))
    return Inspection(
        causes=tuple(causes),
        unknown=(*unknown, *_blocked(facts)),
        facts={**_shown(facts, context), "positions": positions},
        positions=positions,
    )


def _unverified(seen: Seen) -> list[Found]:
    """The settings' findings, with what the code switches off joined to them."""
    places = seen.facts["code"].get("unverified", [])
    found = list(seen.settings)
    if not places:
        return found
    own = [f for f in found if f.id == "env-tls-verify-disabled"]
    told = [place for f in own for place in f.particulars["places"]]
    joined = Found("env-tls-verify-disabled", {"places": [*told, *places]})
    return [*(f for f in found if f not in own), joined]


#: What cannot be answered while the database cannot be read.
_OF_DATABASE = (
    "test_tables_and_columns_are_known",
    "test_newest_snapshot_is_fresh",
    "test_snapshots_are_regular",
    "test_one_engine_writes",
    "test_snapshots_are_written_in_full",
    "test_same_environment_on_both_sides",
    "test_fills_are_recorded",
    "test_positions_are_recorded",
    "test_orders_are_recorded",
    "test_totals_are_whole",
)
_OF_FILE = ("test_database_is_whole", "test_database_is_well_placed")
_OF_LOG = (
    "test_log_is_alive",
    "test_log_keeps_secrets",
    "test_log_shows_no_refusal",
    "test_log_shows_no_network_fault",
    "test_log_shows_no_fault_of_the_engine",
)
_OF_DASHBOARD = ("test_dashboard_keeps_up", "test_dashboard_tells_the_truth")
_UNREAD = {
    "missing": "missing",
    "directory": "path-is-directory",
    "denied": "permission-denied",
    "empty": "empty-file",
    "not-sqlite": "not-sqlite",
    "truncated": "truncated",
}


def _blocked(facts: Facts) -> list[Unknown]:
    """Questions that a condition of the file itself keeps from being asked."""
    blocked = []
    base = facts["database"]
    if "refused" in base or base.get("state") in _UNREAD:
        cause = base.get("refused") or f"db-{_UNREAD[base['state']]}"
        questions = _OF_DATABASE if "refused" in base else (*_OF_FILE, *_OF_DATABASE)
        blocked += _each(questions, "the database cannot be read", cause)
    state = facts["log"].get("state")
    if state in ("missing", "denied"):
        cause = "log-missing" if state == "missing" else "log-unreadable"
        blocked += _each(_OF_LOG, "the log cannot be read", cause)
    board = facts.get("dashboard", {"state": "file"})
    if board.get("state") != "file" or "refused" in board:
        cause = board.get("refused", "dashboard-db-missing")
        blocked += _each(_OF_DASHBOARD, "the dashboard cannot be read", cause)
    return blocked


def _each(questions: Sequence[str], reason: str, cause: str) -> list[Unknown]:
    return [Unknown(question, reason, cause) for question in questions]


def _shown(facts: Facts, context: Context) -> dict[str, Any]:
    """The facts that belong into a report."""
    shown: dict[str, Any] = {
        "profile": context.profile.name,
        "home": str(context.home),
        "expected": context.expect.value,
    }
    for subject, told in facts.items():
        hidden = _PRIVATE.get(subject, set())
        shown[subject] = {k: v for k, v in told.items() if k not in hidden}
    base = facts["database"]
    counts = {t: base[t]["count"] for t in _TABLES if "count" in base.get(t, {})}
    shown["database"]["counts"] = counts
    rows = base.get("snapshots", {}).get("rows", [])
    if rows:
        shown["database"]["newest_snapshot"] = rows[0]["written"]
        shown["database"]["cash_cents"] = rows[0]["cash_cents"]
    newest = newest_unix(facts)
    if newest is not None:
        age = round(context.now_unix - newest, 1)
        shown["database"]["newest_snapshot_age_seconds"] = age
    shown["database"]["statuses"] = base.get("orders", {}).get("statuses", {})
    if context.account is not None:
        shown["account"] = _account(context)
    return shown


def _account(context: Context) -> dict[str, Any]:
    """Cash, value, locked cash and counts side by side: cash is not equity."""
    account = context.account
    assert account is not None
    exposure = sum((h.exposure_dollars for h in account.holdings), Decimal(0))
    return {
        "environment": account.environment,
        "cash_dollars": f"{account.cash_cents / 100:.2f}",
        "portfolio_value_dollars": f"{account.portfolio_value_cents / 100:.2f}",
        "locked_dollars": f"{account.locked_dollars:.2f}",
        "exposure_dollars": f"{exposure:.2f}",
        "positions": len(account.holdings),
        "resting_orders": len(account.resting),
        "fills": account.fills,
        "historical_fills": account.historical_fills,
        "incomplete": list(account.incomplete),
    }


def _positions(facts: Facts, context: Context) -> list[dict[str, Any]]:
    """Every open position of either side, by ticker; ``None`` is "not asked"."""
    books = facts["database"].get("positions", {}).get("open")
    ours = None if books is None else {row["ticker"]: row["size"] for row in books}
    account = context.account
    theirs = None if account is None else {h.ticker: h for h in account.holdings}
    rows = []
    for ticker in sorted({*(ours or {}), *(theirs or {})}):
        held = (theirs or {}).get(ticker)
        rows.append(
            {
                "ticker": ticker,
                "database": None if ours is None else ours.get(ticker, "0"),
                "exchange": _size(held) if theirs is not None else None,
                "exposure_dollars": f"{held.exposure_dollars:.2f}" if held else None,
            }
        )
    return rows


def _size(held: Any) -> str:
    return f"{held.size:f}" if held is not None else "0"
