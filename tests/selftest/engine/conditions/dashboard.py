"""Conditions of the dashboard."""

from typing import Any

from tests.selftest.engine.workspaces import Row, Workspace, written


def copied(ws: Workspace, *, behind: float = 0.0, rows: int = 40) -> list[Row]:
    """The newest rows as the dashboard copies them, each second once."""
    newest = float(ws.snapshots[-1]["unix"]) - behind
    times = [float(row["unix"]) for row in ws.snapshots if row["unix"] <= newest]
    stamps = list(dict.fromkeys(written(unix) for unix in times[-rows:]))
    return [{"id": n, "snapshot_ts": stamp} for n, stamp in enumerate(stamps, 1)]


def _board(**changes: Any) -> Any:
    """A dashboard that is well but for the tables given, and rows of them."""

    def change(ws: Workspace) -> None:
        more = changes.get("rows", [])
        ws.dashboard = [*copied(ws), *more]
        ws.dashboard_tables = changes.get("tables", {})

    return change


def missing(ws: Workspace) -> None:
    """No file."""
    ws.dashboard = []
    ws.later.append(ws.dashboard_file.unlink)


def down(ws: Workspace) -> None:
    """No web server."""
    ws.dashboard = copied(ws)
    # Port 9 (discard) of this machine: nobody listens there.
    ws.page = {}
    ws.page_is_down = True


def lagging(ws: Workspace) -> None:
    """An hour behind."""
    ws.dashboard = copied(ws, behind=3600)


def ahead(ws: Workspace) -> None:
    """Five minutes ahead of its source."""
    ws.dashboard = [
        *copied(ws),
        {"id": 99, "snapshot_ts": written(ws.snapshots[-1]["unix"] + 300)},
    ]


def source_stale(ws: Workspace) -> None:
    """As old as the engine's rows, which stand still."""
    ws.shift(3000)
    ws.dashboard = copied(ws)


def shown_live(ws: Workspace) -> None:
    """The same, and the page says that all is well."""
    source_stale(ws)
    ws.page = {"status": "live"}


def rewrites(ws: Workspace) -> None:
    """Ids that run far ahead of the rows."""
    ws.dashboard = [{**row, "id": row["id"] * 391} for row in copied(ws)]


def collapsed(ws: Workspace) -> None:
    """Two rows of one second, half an hour ago, are one here."""
    twin = dict(ws.snapshots[-70])
    ws.snapshots.insert(len(ws.snapshots) - 70, twin)
    ws.dashboard = copied(ws, rows=100)


_AUDIT = "source TEXT, completed_at TEXT, status TEXT, rows INTEGER"
_FAILED = {"table": "sync_run_audit", "source": "v8", "status": "error", "rows": 0}
_TRADES = [{"table": "kalshi_trades", "ticker": f"KX-{n}"} for n in range(100)]

CHANGES = {
    "dashboard-db-missing": missing,
    "dashboard-table-missing": _board(tables={"positions": ""}),
    "dashboard-server-down": down,
    "dashboard-lagging": lagging,
    "dashboard-ahead": ahead,
    "dashboard-source-stale": source_stale,
    "dashboard-rewrites-history": rewrites,
    "dashboard-row-collapsed": collapsed,
    "dashboard-sync-failed": _board(tables={"sync_run_audit": _AUDIT}, rows=[_FAILED]),
    "dashboard-stale-shown-as-live": shown_live,
    "dashboard-totals-capped": _board(
        tables={"kalshi_trades": "ticker TEXT"}, rows=_TRADES
    ),
}
