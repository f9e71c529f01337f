"""One face for both databases: SQL with named parameters, in transactions that wait."""

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kalshi_preflight.history.address import Address
from kalshi_preflight.history.errors import HistoryError
from kalshi_preflight.history.tables import (
    ADD_VERSION,
    CREATE_VERSIONS,
    NEWEST_VERSION,
    STEPS,
    VERSIONS,
)
from kalshi_preflight.model.secret import Secret

if TYPE_CHECKING:
    from sqlalchemy import Connection

Parameters = Mapping[str, Any]
Row = Sequence[Any]
#: How long one waits for another run that is writing.
PATIENCE_SECONDS = 10.0
_RETRY_SECONDS = 0.02
_CONNECT_SECONDS = 5
#: The number under which all of us, and nobody else, lock: "preflight", by ASCII codes.
_LOCK = 0x707265666C69676874 % 2**63


class Database(ABC):
    """A connection; every statement runs in a transaction of :meth:`writing`."""

    @abstractmethod
    def run(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Run a statement and give its rows."""

    @abstractmethod
    def run_many(self, statement: str, parameters: Sequence[Parameters]) -> None:
        """Run a statement once for each set of parameters."""

    @abstractmethod
    def has_versions(self) -> bool:
        """Whether there is a table of versions."""

    @abstractmethod
    def alone(self) -> None:
        """Wait until no other run is in a transaction that is alone, too."""

    @abstractmethod
    def alone_at_once(self) -> bool:
        """The same without waiting: whether it was possible."""

    @contextmanager
    @abstractmethod
    def transaction(self, *, writing: bool) -> Iterator[None]:
        """What happens within is there as a whole afterwards, or not at all."""

    def bring_up_to_date(self) -> None:
        """Take the steps that are missing; another run may be doing the same."""
        with self.transaction(writing=False):
            version = self._version()
        if version == len(STEPS):
            return
        with self.transaction(writing=True):
            self.alone()
            version = self._version()
            if version > len(STEPS):
                raise HistoryError(
                    f"it is of version {version}, and this kalshi-preflight knows"
                    f" {len(STEPS)} at most"
                )
            if not self.has_versions():
                self.run(CREATE_VERSIONS)
            for number, step in enumerate(STEPS[version:], version + 1):
                for statement in step:
                    self.run(statement)
                self.run(ADD_VERSION, {"version": number})

    def _version(self) -> int:
        if not self.has_versions():
            return 0
        ((version,),) = self.run(NEWEST_VERSION)
        return int(version or 0)


class _File(Database):
    """SQLite, in WAL mode: who reads and who writes do not wait for each other."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        return self._connection.execute(statement, parameters or {}).fetchall()

    def run_many(self, statement: str, parameters: Sequence[Parameters]) -> None:
        self._connection.executemany(statement, parameters)

    def has_versions(self) -> bool:
        found = self.run(
            "SELECT 1 FROM sqlite_master WHERE name = :name", {"name": VERSIONS}
        )
        return bool(found)

    def alone(self) -> None:
        """A transaction that writes is alone here anyway."""

    def alone_at_once(self) -> bool:
        return True

    @contextmanager
    def transaction(self, *, writing: bool) -> Iterator[None]:
        # A transaction that reads first and then writes would fail, not wait.
        self._connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


class _Server(Database):
    """PostgreSQL, spoken to through SQLAlchemy."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def run(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        from sqlalchemy import text

        found = self._connection.execute(text(statement), dict(parameters or {}))
        return [tuple(row) for row in found] if found.returns_rows else []

    def run_many(self, statement: str, parameters: Sequence[Parameters]) -> None:
        from sqlalchemy import text

        self._connection.execute(text(statement), [dict(each) for each in parameters])

    def has_versions(self) -> bool:
        ((found,),) = self.run("SELECT to_regclass(:name)", {"name": VERSIONS})
        return found is not None

    def alone(self) -> None:
        self.run("SELECT pg_advisory_xact_lock(:lock)", {"lock": _LOCK})

    def alone_at_once(self) -> bool:
        taken = self.run("SELECT pg_try_advisory_xact_lock(:lock)", {"lock": _LOCK})
        return bool(taken[0][0])

    @contextmanager
    def transaction(self, *, writing: bool) -> Iterator[None]:
        del writing
        with self._connection.begin():
            yield


@contextmanager
def opened(address: Address) -> Iterator[Database]:
    """The history at an address, up to date.

    Raises :class:`HistoryError` for whatever goes wrong here or within.
    """
    try:
        if address.server is not None:
            with _server(address.server) as database:
                database.bring_up_to_date()
                yield database
        elif address.file is not None:
            with _file(address.file) as database:
                database.bring_up_to_date()
                yield database
        else:
            raise HistoryError("a memory keeps nothing")
    except sqlite3.Error as error:
        # SQLite's own words name no value and no path.
        raise HistoryError(f"{error} ({address.shown})") from None
    except OSError as error:
        raise HistoryError(f"{error.strerror} ({address.shown})") from None


@contextmanager
def _file(path: Path) -> Iterator[Database]:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    with closing(connection):
        _set_up(connection)
        yield _File(connection)


def _set_up(connection: sqlite3.Connection) -> None:
    """Choose WAL; SQLite does not wait for a lock here, so this does (wal.html §2.2).

    A file system that cannot do WAL keeps its own mode, which is right as well.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _server(url: Secret) -> Iterator[Database]:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError
    from sqlalchemy.pool import NullPool

    patience_ms = int(PATIENCE_SECONDS * 1000)
    limits = f"-c statement_timeout={patience_ms} -c lock_timeout={patience_ms}"
    try:
        engine = create_engine(
            url.reveal(),
            poolclass=NullPool,
            connect_args={"connect_timeout": _CONNECT_SECONDS, "options": limits},
        )
        with engine.connect() as connection:
            yield _Server(connection)
    except DBAPIError as error:
        raise HistoryError(_said(error.orig)) from None
    except (SQLAlchemyError, ValueError) as error:
        # What could not even be parsed may show the URL in its message.
        raise HistoryError(f"the URL is of no use ({type(error).__name__})") from None


def _said(error: object) -> str:
    """The first line of what the server or its driver said."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else "the server refused"
