"""A database opened so that its folder is afterwards exactly as before.

Measured on CPython 3.11 with SQLite 3.40: ``mode=ro`` on a cleanly closed WAL database
creates ``-wal`` and ``-shm`` and leaves them; ``immutable=1`` on one that is in use
misses what is still in the WAL; and with a WAL even a reader changes ``-shm``. So:
no WAL content → ``immutable``; a small WAL database → a copy; else ``mode=ro``.
"""

import contextlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.database_file import sidecars
from kalshi_preflight.engine.profile import Thresholds

_ATTEMPTS = 3
#: SQLite calls back after this many of its machine's instructions.
_STEPS = 20_000


class Unreadable(Exception):
    """The database cannot be read; ``cause`` is the id that says why."""

    def __init__(self, cause: str, text: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.text = text


#: SQLite's names of what went wrong (result codes, sqlite.org/rescode.html), by prefix.
_CAUSES: tuple[tuple[str, str], ...] = (
    ("SQLITE_BUSY", "db-locked"),
    ("SQLITE_LOCKED", "db-locked"),
    ("SQLITE_PROTOCOL", "db-locked"),
    ("SQLITE_NOTADB", "db-not-sqlite"),
    ("SQLITE_CORRUPT", "db-corrupt"),
    ("SQLITE_IOERR", "db-corrupt"),
    ("SQLITE_READONLY_ROLLBACK", "db-hot-journal"),
    ("SQLITE_READONLY_DIRECTORY", "db-wal-unreadable"),
    ("SQLITE_READONLY_CANTINIT", "db-wal-unreadable"),
    ("SQLITE_READONLY", "db-permission-denied"),
    ("SQLITE_CANTOPEN", "db-permission-denied"),
    ("SQLITE_PERM", "db-permission-denied"),
    ("SQLITE_FULL", "disk-nearly-full"),
)


def cause_of(error: sqlite3.Error) -> str:
    """The id for SQLite's error, by its name; never by its text."""
    name = getattr(error, "sqlite_errorname", None) or ""
    matching = (cause for prefix, cause in _CAUSES if name.startswith(prefix))
    return next(matching, "v8-unclassified")


class Reader:
    """One SELECT at a time on a read-only connection, each with a time budget."""

    def __init__(self, connection: sqlite3.Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._until = 0.0
        connection.text_factory = _text
        connection.set_progress_handler(self._overdue, _STEPS)
        connection.execute("PRAGMA query_only=ON")

    def _overdue(self) -> bool:
        return time.monotonic() > self._until

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one SELECT; :class:`Unreadable` if SQLite refuses.

        A query that outlasts its budget ends in :class:`TimeoutError`.
        """
        self._until = time.monotonic() + self._seconds
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                raise TimeoutError(sql) from None
            raise Unreadable(cause_of(error), str(error)) from None
        except UnicodeDecodeError:  # the name of a column, which passes no factory
            raise Unreadable("db-corrupt", "a name that is not UTF-8") from None

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns; empty if there is no such table."""
        return [str(row[1]) for row in self.rows(f"PRAGMA table_info({named(table)})")]


def named(identifier: str) -> str:
    """An identifier that SQLite cannot take for a string literal.

    A double-quoted name that is unknown becomes a text: ``WHERE "quantity" != 0``
    is then true for every row (sqlite.org/quirks.html, section 8).
    """
    bare = identifier.replace("]", "")
    return f"[{bare}]"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


@contextlib.contextmanager
def reading(path: Path, journal_mode: str, thresholds: Thresholds) -> Iterator[Reader]:
    """A reader of the database at ``path``; raises :class:`Unreadable`."""
    with contextlib.ExitStack() as stack:
        opened = _opened(path, journal_mode, thresholds, stack)
        yield Reader(opened, thresholds.query_seconds)


def _opened(
    path: Path, journal_mode: str, thresholds: Thresholds, stack: contextlib.ExitStack
) -> sqlite3.Connection:
    beside = sidecars(path)
    if journal_mode == "wal":
        if not beside.get("wal"):
            return _connect(path, thresholds, stack, immutable=True)
        size = path.stat().st_size + beside["wal"]
        if size <= thresholds.copy_bytes and (copy := _copied(path, stack)):
            return _connect(copy, thresholds, stack)
        if "shm" not in beside:
            # Opening it would create the shared-memory index, and leave it behind.
            raise Unreadable("db-wal-unreadable", "a WAL without its index")
    return _connect(path, thresholds, stack)


def _copied(path: Path, stack: contextlib.ExitStack) -> Path | None:
    """A copy of database and WAL of one moment; ``None`` if they never keep still."""
    folder = Path(
        stack.enter_context(
            tempfile.TemporaryDirectory(
                prefix="kalshi-preflight-", ignore_cleanup_errors=True
            )
        )
    )
    copy, wal = folder / "copy.db", path.with_name(f"{path.name}-wal")
    for _ in range(_ATTEMPTS):
        before = _state(path), _state(wal)
        try:
            shutil.copyfile(path, copy)
            shutil.copyfile(wal, copy.with_name("copy.db-wal"))
        except OSError as error:
            raise Unreadable("db-permission-denied", str(error.strerror)) from None
        if before == (_state(path), _state(wal)):
            return copy
    return None


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _connect(
    path: Path,
    thresholds: Thresholds,
    stack: contextlib.ExitStack,
    *,
    immutable: bool = False,
) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            address(path, immutable=immutable),
            uri=True,
            timeout=thresholds.busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise Unreadable(cause_of(error), str(error)) from None
    stack.callback(connection.close)
    return connection


def address(path: Path, *, immutable: bool = False) -> str:
    """The URI that opens ``path`` for reading only, whatever characters are in it.

    A share (``//server/...``) needs four slashes: SQLite takes two for an authority.
    """
    uri = path.resolve().as_uri()
    if not uri.startswith("file:///"):
        uri = uri.replace("file://", "file:////", 1)
    return f"{uri}?mode=ro{'&immutable=1' if immutable else ''}"
