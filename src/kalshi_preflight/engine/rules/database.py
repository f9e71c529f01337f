"""The database as a file and as a schema."""

from collections.abc import Iterator
from typing import Any

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.database import status_of
from kalshi_preflight.engine.findings import Finding, Found
from kalshi_preflight.engine.stamps import lasting
from kalshi_preflight.model.cause import Severity

_STATES = {
    "missing": "db-missing",
    "directory": "db-path-is-directory",
    "denied": "db-permission-denied",
    "empty": "db-empty-file",
    "not-sqlite": "db-not-sqlite",
    "truncated": "db-truncated",
}
_LONG_LOCK_SECONDS = 60


def judge(facts: dict[str, dict[str, Any]], context: Context) -> Iterator[Finding]:
    """Why it cannot be read, or what is odd about it although it can."""
    database = facts["database"]
    told = {"path": database["path"]}
    if (state := _STATES.get(database["state"])) is not None:
        yield Found(state, {**told, **_state_particulars(database)})
        return
    yield from _file(database, told, context)
    if (refused := database.get("refused")) is not None:
        yield _refused(refused, database, told, context)
        return
    engine = {table.name for table in _tables(context)}
    here = set(database["tables"])
    if here and not here & engine:
        yield Found("db-wrong-file", {**told, "tables": database["tables"]})
        return
    yield from _schema(database, told, context)
    yield from _content(database, told)


def _state_particulars(database: dict[str, Any]) -> dict[str, Any]:
    return {
        "beside": database.get("beside", []),
        "inside": database.get("inside", []),
        "looks_like": database.get("looks_like", "nothing"),
        "size_bytes": database.get("size_bytes", 0),
        "announced_bytes": database.get("announced_bytes", 0),
    }


def _tables(context: Context) -> tuple[Any, ...]:
    profile = context.profile
    return profile.snapshots, profile.orders, profile.fills, profile.positions


def _file(
    database: dict[str, Any], told: dict[str, Any], context: Context
) -> Iterator[Found]:
    limits = context.profile.thresholds
    wal = database["sidecars"].get("wal", 0)
    if database["journal_mode"] == "wal":
        yield Found("db-in-wal-mode", told)
        if wal > limits.wal_bytes or (wal > database["size_bytes"] and wal > 4 << 20):
            yield Found("db-wal-growing", {**told, "wal_bytes": wal})
        if "wal" not in database["sidecars"] and database["in_backup_folder"]:
            yield Found("db-copy-without-wal", told)
    if database["place"] != "local":
        yield Found("db-on-network-share", {**told, "place": database["place"]})
    free, total = database.get("disk_free_bytes"), database.get("disk_total_bytes")
    if free is not None and total:
        low = free < limits.disk_free_bytes or free / total < limits.disk_free_share
        if low:
            yield Found("disk-nearly-full", {**told, "free_mib": free >> 20})


def _refused(
    cause: str, database: dict[str, Any], told: dict[str, Any], context: Context
) -> Found:
    error = database.get("refusal", "")
    particulars = {
        **told,
        "error": error,
        "looks_like": "damaged pages",
        "subject": "database",
        "free_mib": database.get("disk_free_bytes", 0) >> 20,
    }
    severity = None
    if cause == "db-locked":
        waited = context.now_unix - database["modified_unix"]
        severity = Severity.BROKEN if waited > _LONG_LOCK_SECONDS else Severity.WARNING
        particulars["unchanged_for"] = lasting(waited)
    return Found(cause, particulars, severity)


def _schema(
    database: dict[str, Any], told: dict[str, Any], context: Context
) -> Iterator[Found]:
    schema, vital = database["schema"], context.profile.snapshots
    for table in schema["tables_missing"]:
        level = Severity.BROKEN if table == vital.name else Severity.WARNING
        there = {"table": table, "tables": database["tables"]}
        yield Found("table-missing", {**told, **there}, level)
    for column in schema["columns_missing"]:
        is_vital = column["table"] == vital.name and column["role"] in vital.required
        level = Severity.BROKEN if is_vital else Severity.WARNING
        yield Found("column-missing", {**told, **column}, level)
    for alias in schema["aliases"]:
        yield Found("column-alias-used", {**told, **alias})


def _content(database: dict[str, Any], told: dict[str, Any]) -> Iterator[Found]:
    snapshots = database.get("snapshots", {})
    if snapshots.get("cash_column") == "balance":
        yield Found("unit-ambiguous", {**told, "column": "balance"})
    odd = sorted({name for row in snapshots.get("rows", []) for name in row["odd"]})
    if odd:
        yield Found("column-type-unexpected", {**told, "columns": odd})
    for table in ("orders", "fills", "positions"):
        if database.get(table, {}).get("count") == 0:
            yield Found("table-empty", {**told, "table": table})
    statuses = database.get("orders", {}).get("statuses", {})
    unknown = [status for status in statuses if status_of(status) is None]
    if unknown:
        yield Found("status-spelling-unknown", {**told, "spellings": unknown})
