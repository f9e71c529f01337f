"""One change for each condition of the engine's catalogue, by its id.

What a change brings about beside its condition, and cannot help, stands in ``BESIDE``:
notes that are true of such a workspace as well.
"""

from collections.abc import Callable, Mapping

from tests.selftest.engine.conditions import (
    account,
    dashboard,
    database,
    dotenv,
    log,
    process,
    snapshots,
)
from tests.selftest.engine.workspaces import Workspace

Change = Callable[[Workspace], object]

CHANGES: Mapping[str, Change] = {
    **database.CHANGES,
    **snapshots.CHANGES,
    **account.CHANGES,
    **log.CHANGES,
    **process.CHANGES,
    **dotenv.CHANGES,
    **dashboard.CHANGES,
}

#: A WAL is noted wherever there is one; a dashboard as old as its source says so.
BESIDE: Mapping[str, set[str]] = {
    "db-wal-growing": {"db-in-wal-mode"},
    "db-wal-unreadable": {"db-in-wal-mode"},
    "db-copy-without-wal": {"db-in-wal-mode"},
    "dashboard-source-stale": {"snapshot-stale"},
    "dashboard-stale-shown-as-live": {"snapshot-stale"},
}
