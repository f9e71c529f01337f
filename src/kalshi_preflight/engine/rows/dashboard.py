"""The dashboard."""

from kalshi_preflight.engine.row import EngineRow, both, by_hand
from kalshi_preflight.model.cause import Blame, Commands, Severity

_THERE = "test_dashboard_is_there"
_KEEPS_UP = "test_dashboard_keeps_up"
_TRUE = "test_dashboard_tells_the_truth"
_WARNING = Severity.WARNING

_LOOK = Commands(
    powershell=("Get-Item {path} | Format-List FullName, Length, LastWriteTime",),
    posix=("ls -l {path}",),
)
_ROWS = both("sqlite3 -readonly {path} .tables")
_TASK = Commands(
    powershell=(
        "Get-ScheduledTask | Get-ScheduledTaskInfo | Format-Table TaskName, Last*",
    ),
    posix=("crontab -l",),
)


def _row(
    id_: str,
    question: str,
    summary: str,
    why: str,
    *,
    fix: str,
    severity: Severity = Severity.BROKEN,
    blame: Blame = Blame.ENGINE,
    check: Commands = _ROWS,
) -> EngineRow:
    return EngineRow(
        id=id_,
        question=question,
        summary=summary,
        why=why,
        severity=severity,
        blame=blame,
        check=check,
        fix=by_hand(fix),
    )


ROWS = (
    _row(
        "dashboard-db-missing",
        _THERE,
        "There is no dashboard database at {path} ({state}).",
        "It was never installed, or it lies elsewhere.",
        severity=_WARNING,
        blame=Blame.CONFIG,
        check=_LOOK,
        fix="give the right file with --dashboard-db=FILE, or leave the option out",
    ),
    _row(
        "dashboard-table-missing",
        _THERE,
        "The dashboard's database has no table {table}.",
        "It was never created: a synchronisation into it fails at every row, and prints"
        " 'Synced 0'.",
        fix="create it with the dashboard's own migration",
    ),
    _row(
        "dashboard-server-down",
        _THERE,
        "Nothing answers on 127.0.0.1:{port}, the dashboard's web server.",
        "It has not been started.",
        severity=Severity.NOTE,
        check=Commands(
            powershell=("Test-NetConnection 127.0.0.1 -Port {port}",),
            posix=("curl -sS http://127.0.0.1:{port}/",),
        ),
        fix="start the dashboard if it is wanted",
    ),
    _row(
        "dashboard-lagging",
        _KEEPS_UP,
        "The dashboard is {lag} behind the engine (its newest row: {copied}; the"
        " engine's: {source}).",
        "Its task is stopped, runs into its time limit, or cannot read the engine's"
        " database. It is due every 15 minutes.",
        check=_TASK,
        fix="look at the task's state and its last result",
    ),
    _row(
        "dashboard-ahead",
        _KEEPS_UP,
        "The dashboard is {lag} ahead of the engine (its newest row: {copied}; the"
        " engine's: {source}).",
        "It reads another database than this one, or rows were imported.",
        severity=_WARNING,
        fix="compare the path that the dashboard reads with {database}",
    ),
    _row(
        "dashboard-source-stale",
        _KEEPS_UP,
        "The dashboard is as old as the engine's database ({source}).",
        "The dashboard is not at fault: its source stands still.",
        severity=Severity.NOTE,
        fix="see what this report says of the engine",
    ),
    _row(
        "dashboard-rewrites-history",
        _TRUE,
        "The dashboard's highest id is {highest_id} for {rows} rows.",
        "INSERT OR REPLACE writes all of history again and again.",
        severity=_WARNING,
        fix="have it insert only what is newer than its newest row",
    ),
    _row(
        "dashboard-row-collapsed",
        _TRUE,
        "The dashboard has {copied_rows} rows where the engine wrote {source_rows}.",
        "Its times are unique to the second, so rows of two engines in one second"
        " become"
        " one.",
        severity=_WARNING,
        fix="see what this report says of two writers",
    ),
    _row(
        "dashboard-sync-failed",
        _KEEPS_UP,
        "The dashboard's last synchronisation ended with '{status}' and {rows} rows.",
        "Its error was swallowed.",
        check=_TASK,
        fix="read the message of the audit row",
    ),
    _row(
        "dashboard-stale-shown-as-live",
        _TRUE,
        "The dashboard calls itself live, and its newest row is {age} old.",
        "It shows no age.",
        severity=_WARNING,
        fix="have it show the age of its newest row",
    ),
    _row(
        "dashboard-totals-capped",
        _TRUE,
        "A total of the dashboard is exactly the length of a page: {totals}.",
        "The first page of a listing was taken for all of it.",
        severity=_WARNING,
        fix="have it follow the cursor until it is empty",
    ),
)
