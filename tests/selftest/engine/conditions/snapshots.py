"""Conditions of the series of snapshots."""

from tests.selftest.engine.workspaces import COUNTERS, Workspace, series, written


def none(ws: Workspace) -> None:
    """No rows."""
    ws.snapshots = []
    ws.schema["pnl_snapshots"] = (
        "timestamp TEXT, balance_cents INTEGER, total_pnl_cents INTEGER"
    )


def unparsable(ws: Workspace) -> None:
    """The newest time is in another order."""
    ws.snapshots[-1]["written"] = "21/11/2026 22:00"


def mixed(ws: Workspace) -> None:
    """Two forms of time, of which one sorts wrongly as text."""
    for row in ws.snapshots[-60:-40]:
        row["written"] = written(float(row["unix"])).replace(" ", "T")


def future(ws: Workspace) -> None:
    """The whole series is ten minutes ahead."""
    ws.shift(-600)


def local(ws: Workspace) -> None:
    """Stamps in a zone west of UTC, while the files are being written."""
    ws.offset_seconds = -8 * 3600.0
    ws.shift(8 * 3600.0)


def stale(ws: Workspace) -> None:
    """Rows stopped ten minutes ago, the log goes on."""
    ws.shift(600)


def stalled(ws: Workspace) -> None:
    """Rows stopped three hours ago, the log goes on."""
    ws.shift(3 * 3600)


def gap(ws: Workspace) -> None:
    """A quarter of an hour without rows."""
    begin, end = ws.now - 3000, ws.now - 2100
    ws.snapshots = [row for row in ws.snapshots if not begin < row["unix"] < end]


def slow(ws: Workspace) -> None:
    """A row every minute."""
    ws.snapshots = series(ws.now - 8, 320, extra=False)[1::2]


def disordered(ws: Workspace) -> None:
    """The last row written is an old one."""
    ws.snapshots.append({**ws.snapshots[-30], "unix": ws.snapshots[-30]["unix"] - 30.2})
    del ws.snapshots[-32]


def foreign(ws: Workspace) -> None:
    """A row of an import: off the rhythm, with columns that the engine leaves empty."""
    row = {"unix": ws.snapshots[-50]["unix"] + 17, "balance_cents": 7801, **COUNTERS}
    place = len(ws.snapshots) - 49
    ws.snapshots.insert(place, {**row, "win_count": 9, "loss_count": 4})


def doubled(ws: Workspace) -> None:
    """A second engine, 13 s beside the first, whose cash never moves."""
    second = [
        {"unix": row["unix"] - 13, "balance_cents": 7800, **COUNTERS}
        for row in series(ws.now - 8, 320, extra=False)
    ]
    ws.snapshots = sorted([*ws.snapshots, *second], key=lambda row: row["unix"])


def frozen(ws: Workspace) -> None:
    """Cash stands still here and is another at the exchange."""
    for row in ws.snapshots:
        row["balance_cents"] = 7800
    ws.has_account(cash_cents=21_759)


def never(ws: Workspace) -> None:
    """All counters are zero."""
    for row in ws.snapshots:
        row.update(dict.fromkeys(COUNTERS, 0))


def dollars(ws: Workspace) -> None:
    """Dollars in a column of cents."""
    for row in ws.snapshots[-5:]:
        row["balance_cents"] = 78.25


CHANGES = {
    "snapshot-none": none,
    "snapshot-unparsable": unparsable,
    "snapshot-mixed-formats": mixed,
    "snapshot-from-the-future": future,
    "snapshot-local-time": local,
    "snapshot-stale": stale,
    "snapshot-stalled": stalled,
    "snapshot-gap": gap,
    "snapshot-slow-cadence": slow,
    "snapshot-out-of-order": disordered,
    "snapshot-foreign-row": foreign,
    "two-writers": doubled,
    "series-frozen": frozen,
    "columns-never-written": never,
    "balance-not-integer-cents": dollars,
}
