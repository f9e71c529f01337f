"""The engine's log and databases: what is seen of them, and what is judged."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kalshi_preflight.engine import dashboard, database, log
from kalshi_preflight.engine.catalogue import hint_for
from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.inspection import Seen, judge, look, looked_at
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import scratch
from tests.selftest.engine.workspaces import PROFILE, Workspace

_FOLDER = TemporaryDirectory(prefix="kalshi-preflight-fuzz-")
_NOW = 1_795_320_000.0


@cache
def _workspace() -> Workspace:
    made = Workspace(Path(_FOLDER.name) / "workspace", now=_NOW, journal_mode="delete")
    made.snapshots = made.snapshots[-20:]
    made.dashboard = [{"snapshot_ts": "2026-11-22T04:00:00Z"}]
    made.has_account()
    made.write()
    return made


def _context() -> Context:
    return _workspace().context()


@cache
def _whole() -> Seen:
    """Everything that is seen of the healthy workspace."""
    return look(_context())


def _judged(subject: str, told: dict[str, Any]) -> str:
    """The causes when this is what was seen of one subject, and all else is well."""
    facts = {**{k: dict(v) for k, v in _whole().facts.items()}, subject: told}
    inspection = judge(Seen(facts=facts), _context())
    for cause in inspection.causes:
        assert cause.id != "v8-unclassified", told.get("defect")
        hint_for(cause)
    assert repr(inspection.facts)
    words = told.get("encodings", [])
    return " ".join([str(told.get("refused") or told.get("state")), *words])


def attempt_log(data: bytes) -> str:
    """What is told of a log with this content."""
    file = scratch(Path(_FOLDER.name), "engine.log", data)
    told = looked_at(
        lambda: log.inspect(file, PROFILE, now_unix=_NOW, offset_seconds=0.0)
    )
    return _judged("log", told)


def attempt_database(data: bytes) -> str:
    """What is told of a database with this content."""
    file = scratch(Path(_FOLDER.name), "engine.db", data)
    told = looked_at(lambda: database.inspect(file, PROFILE))
    return _judged("database", told)


def attempt_dashboard(data: bytes) -> str:
    """What is told of a dashboard's database with this content."""
    file = scratch(Path(_FOLDER.name), "dashboard.db", data)
    told = looked_at(lambda: dashboard.inspect(file, PROFILE))
    return _judged("dashboard", told)


def logs() -> Sequence[bytes]:
    """The healthy log, in the encodings that are met."""
    text = _workspace().log_file.read_text(encoding="utf-8")[-1500:]
    refusal = "2026-11-22 02:00:00,120 ERROR 401 Unauthorized h\u00f6rt nicht\n"
    entry = '{"ts": 1795320000.5, "level": "ERROR", "msg": "429 Too Many"}\n'
    return [
        text.encode(),
        (text + refusal).encode("utf-16"),
        (refusal * 3).encode("cp1252"),
        entry.encode() * 3,
        refusal.encode() + entry.encode("utf-16-le"),
    ]


@cache
def databases() -> Sequence[bytes]:
    """The healthy database, and one whose cells are not what they should be."""
    return [_workspace().database.read_bytes(), _odd_cells(), _odd_cells("wal")]


def _odd_cells(mode: str = "delete") -> bytes:
    file = Path(_FOLDER.name) / f"odd-{mode}.db"
    cells = ("1e999999999", "9" * 3000, b"\xff\xfe", None, float("inf"), "x", -1)
    with closing(sqlite3.connect(file)) as base:
        base.execute(f"PRAGMA journal_mode={mode}")
        base.execute("CREATE TABLE pnl_snapshots (timestamp, balance_cents)")
        base.execute("CREATE TABLE orders (id, status, ticker, created_at)")
        base.execute("CREATE TABLE fills (ticker, created_at)")
        base.execute("CREATE TABLE positions (ticker, side, count)")
        for cell in cells:
            base.execute("INSERT INTO pnl_snapshots VALUES (?, ?)", (cell, cell))
            base.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", (cell,) * 4)
            base.execute("INSERT INTO fills VALUES (?, ?)", (cell, cell))
            base.execute("INSERT INTO positions VALUES (?, 'no', ?)", (cell, cell))
        base.commit()
    return file.read_bytes()


def dashboards() -> Sequence[bytes]:
    """The healthy dashboard."""
    return [_workspace().dashboard_file.read_bytes()]


SQL_WORDS = (
    b"SQLite format 3\0",
    b"CREATE TABLE pnl_snapshots (timestamp TEXT, balance_cents INTEGER)",
    b"CREATE VIEW orders AS SELECT * FROM orders",
    b"1e999999999",
    b"99999-12-31 00:00:00",
    b"9999999999999999999",
    b"\xff\xff\xff\xff",
)
LOG = Target(
    name="engine log",
    modules=("engine.log", "engine.log_lines", "engine.log_classes", "engine.stamps"),
    attempt=attempt_log,
    short=250,
    whole=5_000,
    healthy=logs,
    words=(
        b'{"ts":' * 3000,
        b'{"ts": 1e400}\n',
        b'{"ts": 99999999999999999999}\n',
        b'{"time": "9999-99-99 99:99:99"}\n',
        b"9999-12-31 23:59:59 ERROR 401 Unauthorized\n",
        b"0001-01-01 00:00:00,1 INFO engine started\n",
        b"2026-11-22 02:00:00+99:99 WARNING 429\n",
        b"Traceback (most recent call last):\n",
        b"-----BEGIN RSA PRIVATE KEY-----\n",
        b"\xff\xfe",
        b"\0\n\0",
        b"\r\n",
    ),
)
DATABASE = Target(
    name="engine database",
    modules=(
        "engine.database",
        "engine.database_file",
        "engine.reader",
        "engine.columns",
        "engine.series",
    ),
    attempt=attempt_database,
    short=200,
    whole=3_000,
    healthy=databases,
    words=SQL_WORDS,
)
DASHBOARD = Target(
    name="dashboard",
    modules=("engine.dashboard",),
    attempt=attempt_dashboard,
    short=100,
    whole=2_000,
    healthy=dashboards,
    words=SQL_WORDS,
)
