"""Databases in use: read to the last row, and left exactly as they were."""

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from kalshi_preflight.engine import database
from kalshi_preflight.engine.database_file import look_at
from kalshi_preflight.engine.profile import Thresholds
from kalshi_preflight.engine.reader import Unreadable, address, named, reading
from tests.selftest.engine.test_conditions import ids
from tests.selftest.engine.workspaces import Workspace, fingerprint, written

pytestmark = pytest.mark.selftest

#: Writes a row into a WAL that is never emptied, says so, and waits.
_WRITER = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
base.execute("PRAGMA journal_mode=wal")
base.execute("PRAGMA wal_autocheckpoint=0")
base.execute(
    "INSERT INTO pnl_snapshots (timestamp, balance_cents) VALUES (?, 4242)",
    [sys.argv[2]],
)
print("written", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def live_writer(database: Path, stamp: str) -> Iterator[None]:
    """Another process that has the database open and has just written to its WAL."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(database), stamp],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"written\n"
        yield
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(30)


@pytest.fixture
def wal(tmp_path: Path) -> Workspace:
    """A healthy workspace whose database is in WAL mode."""
    return Workspace(tmp_path / "workspace-scalper", journal_mode="wal")


def test_a_live_wal_is_read_to_its_last_row(wal: Workspace) -> None:
    """Rows that are only in a running engine's WAL are seen; nothing is touched."""
    wal.snapshots = wal.snapshots[:-1]
    wal.later.append(
        lambda: wal.stack.enter_context(live_writer(wal.database, written(wal.now - 3)))
    )
    inspection = wal.inspect()
    assert inspection.facts["database"]["newest_snapshot"] == written(wal.now - 3)
    assert inspection.facts["database"]["cash_cents"] == 4242
    assert ids(inspection) <= {"db-in-wal-mode", "column-type-unexpected"}


def test_a_large_live_wal_is_read_in_place(wal: Workspace) -> None:
    """One that is too large to copy is read in place; only SQLite's index may move."""
    wal.write()
    limits = Thresholds(copy_bytes=0)
    with live_writer(wal.database, written(wal.now)):
        before = fingerprint(wal.home)
        with reading(wal.database, "wal", limits) as reader:
            rows = reader.rows("SELECT count(*) FROM pnl_snapshots")
        after = fingerprint(wal.home)
    assert rows == [(len(wal.snapshots) + 1,)]
    index = str(wal.database) + "-shm"
    assert before.keys() == after.keys()
    assert {k for k in after if after[k] != before[k]} <= {index}


def test_a_closed_wal_gets_no_companions(wal: Workspace) -> None:
    """Reading a cleanly closed WAL database leaves neither ``-wal`` nor ``-shm``."""
    wal.write()
    with reading(wal.database, "wal", Thresholds()) as reader:
        assert reader.rows("SELECT 1") == [(1,)]
    assert sorted(p.name for p in wal.home.glob("*.db*")) == [wal.database.name]


def test_an_engine_that_wakes_up_is_read_again(wal: Workspace) -> None:
    """A WAL that appears while the file at rest is read is not passed over."""
    wal.write()
    stamp = written(wal.now)
    with contextlib.ExitStack() as stack:
        first = database._read

        def read_late(*arguments: Any) -> None:
            first(*arguments)
            if not Path(f"{wal.database}-wal").exists():
                stack.enter_context(live_writer(wal.database, stamp))

        with mock.patch.object(database, "_read", read_late):
            facts = database.inspect(wal.database, wal.profile)
    assert facts["snapshots"]["rows"][0]["written"] == stamp


@pytest.mark.parametrize("name", ["a#b", "a?b", "a b", "100%", "\u00fc"])
def test_any_name_is_opened_as_it_is(tmp_path: Path, name: str) -> None:
    """Characters that mean something in a URI open no other file."""
    path = tmp_path / f"{name}.db"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE t (a)")
    with reading(path, "rollback", Thresholds()) as reader:
        assert reader.columns("t") == ["a"]
    assert "mode=ro" in address(path)


def test_a_missing_file_stays_missing(tmp_path: Path) -> None:
    """Opening what is not there is refused, and nothing is created."""
    path = tmp_path / "none.db"
    with (
        pytest.raises(Unreadable),
        reading(path, "rollback", Thresholds()) as reader,
    ):
        reader.rows("SELECT 1 FROM sqlite_master")
    assert list(tmp_path.iterdir()) == []


def test_nothing_can_be_written(tmp_path: Path) -> None:
    """The connection itself refuses every write."""
    path = tmp_path / "engine.db"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE t (a)")
    with reading(path, "rollback", Thresholds()) as reader:
        for sql in ("INSERT INTO t VALUES (1)", "DROP TABLE t", "VACUUM"):
            with pytest.raises(Unreadable):
                reader.rows(sql)


def test_an_unknown_column_is_no_string(tmp_path: Path) -> None:
    """A name that is not there is refused; in double quotes it would be a text."""
    path = tmp_path / "engine.db"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE positions (count INTEGER)")
        base.execute("INSERT INTO positions VALUES (0)")
        base.commit()
        trap = 'SELECT count(*) FROM positions WHERE "quantity" != 0'
        assert base.execute(trap).fetchone() == (1,)
    with (
        reading(path, "rollback", Thresholds()) as reader,
        pytest.raises(Unreadable),
    ):
        reader.rows(f"SELECT 1 FROM positions WHERE {named('quantity')} != 0")


@pytest.mark.parametrize("cell", ["1e999999999", "-1e9999", "NaN"])
def test_an_amount_that_fills_the_memory_is_none(cell: str) -> None:
    """A number of more digits than money has is no number."""
    assert database.number(cell) is None
    assert database.cents(cell, "balance_cents") is None


def test_a_column_whose_name_is_no_text_is_damage(tmp_path: Path) -> None:
    """A schema with bytes that are not UTF-8 is a damaged file, not a crash."""
    file = tmp_path / "odd.db"
    with contextlib.closing(sqlite3.connect(file)) as base:
        base.execute("CREATE TABLE odd (qqqq)")
        base.execute("INSERT INTO odd VALUES (1)")
        base.commit()
    file.write_bytes(file.read_bytes().replace(b"qqqq", b"qq\xff\xfe"))
    with reading(file, "delete", Thresholds()) as reader, pytest.raises(Unreadable):
        reader.rows("SELECT * FROM odd")


def test_a_schema_format_that_does_not_exist_is_no_sqlite(tmp_path: Path) -> None:
    """A header with a format from nowhere is told as such, not as our defect."""
    file = tmp_path / "odd.db"
    with contextlib.closing(sqlite3.connect(file)) as base:
        base.execute("CREATE TABLE odd (a)")
        base.commit()
    data = file.read_bytes()
    file.write_bytes(data[:44] + b"1e99" + data[48:])
    assert look_at(file)["state"] == "not-sqlite"
