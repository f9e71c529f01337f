"""Where a history is kept: an SQLAlchemy URL, taken apart without SQLAlchemy."""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from kalshi_preflight.history.errors import HistoryError
from kalshi_preflight.model.secret import Secret

_SQLITE = ("sqlite", "sqlite+pysqlite")
#: Of the drivers, one: the third generation of psycopg, whatever the URL leaves open.
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_DRIVER = "postgresql+psycopg"
_MODULES = ("sqlalchemy", "psycopg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A checked URL: a ``file``, a ``server``, or neither (a memory: nothing is kept).

    ``shown`` is fit for people's eyes: no user, no password, no options.
    """

    shown: str
    file: Path | None = None
    server: Secret | None = None


def check_url(url: Secret) -> None:
    """Raise :class:`HistoryError` if no history can be kept under this URL."""
    address_of(url)


def address_of(url: Secret) -> Address:
    """Take a URL apart; raises :class:`HistoryError` with a sentence that shows none.

    A malformed URL may be a password and nothing else.
    """
    scheme, found, rest = url.reveal().strip().partition("://")
    if not found or not re.fullmatch(r"[a-z0-9]+(\+[a-z0-9_]+)?", scheme):
        raise HistoryError(
            "it is not an SQLAlchemy URL such as sqlite:////srv/history.sqlite"
            " or postgresql://user:password@host/database"
        )
    if scheme in _SQLITE:
        return _of_file(rest)
    if scheme in _POSTGRESQL:
        return _of_server(rest)
    raise HistoryError(
        "a history is kept in sqlite or in postgresql (by psycopg), nowhere else"
    )


def _of_file(rest: str) -> Address:
    if rest in ("", "/", "/:memory:"):
        return Address(shown="memory")
    if not rest.startswith("/") or "?" in rest:
        raise HistoryError(
            "an SQLite URL is sqlite:/// and the path of a file, without options"
        )
    file = Path(rest[1:])
    return Address(shown=str(file), file=file)


def _of_server(rest: str) -> Address:
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        raise HistoryError(
            f"PostgreSQL needs {' and '.join(missing)}:"
            " python -m pip install 'kalshi-preflight[postgresql]'"
        )
    # What stands before the last @ is user and password, however they are written.
    place = rest.rpartition("@")[2]
    try:
        parts = urlsplit(f"//{place}")
        _ = parts.port
    except ValueError:
        raise HistoryError(
            "a PostgreSQL URL is postgresql://user:password@host:port/database"
        ) from None
    host = parts.netloc or "a local server"
    shown = f"PostgreSQL on {host}{parts.path}"
    return Address(shown=shown, server=Secret(f"{_DRIVER}://{rest}"))
