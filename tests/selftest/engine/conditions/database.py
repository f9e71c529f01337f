"""Conditions of the database's file and schema."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.selftest.engine.workspaces import Workspace, written


def _replaced(content: bytes) -> Any:
    def change(ws: Workspace) -> None:
        ws.later.append(lambda: ws.database.write_bytes(content))

    return change


def missing(ws: Workspace) -> None:
    """No file at all."""
    ws.later.append(ws.database.unlink)


def directory(ws: Workspace) -> None:
    """A folder of that name."""

    def later() -> None:
        ws.database.unlink()
        ws.database.mkdir()

    ws.later.append(later)


def denied(ws: Workspace) -> None:
    """A file that nobody but its owner may read, seen by somebody else."""
    ws.later.append(lambda: ws.database.chmod(0o600))
    ws.rights.append(lambda: as_somebody_else(ws))


def as_somebody_else(ws: Workspace, without: Path | None = None) -> None:
    """Become a user without rights until the end, if this is a user with all of them.

    For ordinary users the mode of the file is enough: then ``without`` loses it.
    """
    if os.name == "posix" and os.geteuid() == 0:
        for folder in (ws.home, *ws.home.parents):
            if str(folder).startswith("/tmp/"):  # noqa: S108  # where tests lie
                folder.chmod(0o755)
        for file in {ws.dotenv_file, ws.key_file} - {without}:
            os.chown(file, 65534, 65534)
        os.seteuid(65534)
        ws.seen.callback(os.seteuid, 0)
    elif without is not None:
        without.chmod(0)


def truncated(ws: Workspace) -> None:
    """The second half is gone."""

    def later() -> None:
        data = ws.database.read_bytes()
        ws.database.write_bytes(data[: len(data) // 2 // 4096 * 4096])

    ws.later.append(later)


def corrupt(ws: Workspace) -> None:
    """One page of the middle is overwritten."""

    def later() -> None:
        with ws.database.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * 4096)

    ws.later.append(later)


def hot_journal(ws: Workspace) -> None:
    """A writer was killed in the middle of a transaction."""

    def later() -> None:
        copy = ws.home.parent / "killed.db"
        base = sqlite3.connect(ws.database, isolation_level=None)
        base.execute("PRAGMA cache_size=1")
        base.execute("BEGIN IMMEDIATE")
        base.execute("UPDATE pnl_snapshots SET total_fills = total_fills + 1")
        journal = Path(f"{ws.database}-journal").read_bytes()
        copy.write_bytes(ws.database.read_bytes())
        base.rollback()
        base.close()
        # A journal whose header is synced: what the disk holds after a power cut.
        magic = b"\xd9\xd5\x05\xf9 \xa1c\xd7"
        ws.database.write_bytes(copy.read_bytes())
        count = (len(journal) - 512) // (4096 + 8)
        header = magic + count.to_bytes(4, "big") + journal[12:512]
        Path(f"{ws.database}-journal").write_bytes(header + journal[512:])

    ws.later.append(later)


def locked(ws: Workspace) -> None:
    """Somebody holds an exclusive lock."""

    def later() -> None:
        base = sqlite3.connect(ws.database, isolation_level=None)
        base.execute("BEGIN EXCLUSIVE")
        ws.stack.callback(base.close)

    ws.later.append(later)


def _killed_writer(ws: Workspace, rows: int = 50) -> None:
    """Leave a WAL behind, as a writer that is killed does."""
    base = sqlite3.connect(ws.database, isolation_level=None)
    base.execute("PRAGMA wal_autocheckpoint=0")
    for _ in range(rows):
        base.execute("UPDATE orders SET count = count + 1")
    kept = {
        path: path.read_bytes() for path in (ws.database, Path(f"{ws.database}-wal"))
    }
    base.close()
    for path, data in kept.items():
        path.write_bytes(data)


def wal_unreadable(ws: Workspace) -> None:
    """A WAL without its index, too large to copy: opening it would create a file."""
    ws.journal_mode = "wal"
    ws.limits(copy_bytes=1000)
    ws.later.append(lambda: _killed_writer(ws))


def copy_without_wal(ws: Workspace) -> None:
    """A WAL database alone in a folder of backups."""
    ws.journal_mode = "wal"


def wal_growing(ws: Workspace) -> None:
    """A WAL larger than its limit."""
    ws.journal_mode = "wal"
    ws.limits(wal_bytes=1000)
    ws.later.append(lambda: _killed_writer(ws))


def wal_mode(ws: Workspace) -> None:
    """An ordinary WAL database."""
    ws.journal_mode = "wal"


def disk_full(ws: Workspace) -> None:
    """Less room than there should be."""
    ws.limits(disk_free_bytes=1 << 60)


def wrong_file(ws: Workspace) -> None:
    """Another program's database."""

    def later() -> None:
        ws.database.unlink()
        with closing(sqlite3.connect(ws.database)) as base, base:
            base.execute("CREATE TABLE kalshi_snapshots (id INTEGER)")

    ws.later.append(later)


def table_missing(ws: Workspace) -> None:
    """No table of snapshots."""
    ws.schema["pnl_snapshots"] = ""


def column_missing(ws: Workspace) -> None:
    """Positions without a size."""
    ws.positions = []
    ws.schema["positions"] = "ticker TEXT, side TEXT"
    ws.later.append(lambda: _run(ws, "INSERT INTO positions VALUES ('KX-1', 'yes')"))


def _run(ws: Workspace, sql: str) -> None:
    with closing(sqlite3.connect(ws.database)) as base, base:
        base.execute(sql)


def alias(ws: Workspace) -> None:
    """``quantity`` where ``count`` is usual."""
    for row in ws.positions:
        row["quantity"] = row.pop("count")
    ws.schema["positions"] = "ticker TEXT, side TEXT, quantity INTEGER"


def odd_type(ws: Workspace) -> None:
    """A counter that is text."""
    ws.snapshots[-3]["total_orders"] = "many"


def ambiguous(ws: Workspace) -> None:
    """Cash in a column that says no unit."""
    for row in ws.snapshots:
        row["balance"] = row.pop("balance_cents")
    ws.schema["pnl_snapshots"] = "timestamp TEXT, balance INTEGER"


def empty_table(ws: Workspace) -> None:
    """No fills."""
    ws.fills = []


def spelling(ws: Workspace) -> None:
    """A status that nobody knows."""
    ws.orders.append(
        {**ws.orders[0], "order_id": "order-9", "status": "HALF_DONE"}
        | {"created_at": written(ws.now - 500)}
    )


CHANGES = {
    "db-missing": missing,
    "db-path-is-directory": directory,
    "db-permission-denied": denied,
    "db-empty-file": _replaced(b""),
    "db-not-sqlite": _replaced(b"version https://git-lfs.github.com/spec/v1\n" * 3),
    "db-wrong-file": wrong_file,
    "db-truncated": truncated,
    "db-corrupt": corrupt,
    "db-hot-journal": hot_journal,
    "db-locked": locked,
    "db-wal-unreadable": wal_unreadable,
    "db-copy-without-wal": copy_without_wal,
    "db-on-network-share": lambda ws: None,
    "db-wal-growing": wal_growing,
    "db-in-wal-mode": wal_mode,
    "disk-nearly-full": disk_full,
    "table-missing": table_missing,
    "column-missing": column_missing,
    "column-alias-used": alias,
    "column-type-unexpected": odd_type,
    "unit-ambiguous": ambiguous,
    "table-empty": empty_table,
    "status-spelling-unknown": spelling,
}

#: Where the place of the workspace is the condition.
PLACES = {
    "db-copy-without-wal": "backups/workspace-scalper",
    "db-on-network-share": "OneDrive/workspace-scalper",
}
