"""URLs of histories: what is understood, and that no password is ever said."""

from pathlib import Path

import pytest

from kalshi_preflight.history import HistoryError, check_url, histories, remember
from kalshi_preflight.history.address import address_of
from kalshi_preflight.model.secret import Secret
from tests.selftest.history.cluster import Cluster
from tests.selftest.report.surveys import healthy, made

pytestmark = pytest.mark.selftest

WORD = "geheim-7391"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///history.sqlite", Path("history.sqlite")),
        ("sqlite:////srv/history.sqlite", Path("/srv/history.sqlite")),
        ("sqlite+pysqlite:////srv/a b.sqlite", Path("/srv/a b.sqlite")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_files_are_understood(url: str, file: Path | None) -> None:
    """Files and memories are written as SQLAlchemy writes them."""
    address = address_of(Secret(url))
    assert address.file == file
    assert address.server is None


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg"], ids=str
)
def test_servers_are_understood(scheme: str) -> None:
    """A server's URL gets the one driver, and is shown without its account."""
    address = address_of(Secret(f"{scheme}://me:{WORD}@db.lan:5433/preflight"))
    assert address.shown == "PostgreSQL on db.lan:5433/preflight"
    assert address.server is not None
    assert address.server.reveal().startswith("postgresql+psycopg://me:")


@pytest.mark.parametrize(
    "url",
    [
        WORD,
        f"me:{WORD}@db.lan/preflight",
        f"mysql://me:{WORD}@db.lan/preflight",
        f"postgresql+asyncpg://me:{WORD}@db.lan/preflight",
        f"postgresql://me:{WORD}@db.lan:many/preflight",
        f"postgresql://me:{WORD}@[::1/preflight",
        f"sqlite://{WORD}/history",
        f"sqlite:///history?key={WORD}",
        f"{WORD}://db.lan",
    ],
)
def test_a_malformed_url_is_told_without_its_password(url: str) -> None:
    """A URL that is none is refused in a sentence that gives nothing away."""
    with pytest.raises(HistoryError) as refused:
        check_url(Secret(url))
    assert WORD not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{WORD}@127.0.0.1:1/preflight",
        f"postgresql://me:{WORD}@127.0.0.1:1/preflight?sslmode=nonsense",
        f"postgresql://me:{WORD}@x@127.0.0.1:1/preflight",
    ],
)
def test_an_unreachable_server_is_told_without_its_password(url: str) -> None:
    """Where nobody listens, both reading and writing say so, and no password."""
    with pytest.raises(HistoryError) as unread:
        histories(Secret(url))
    with pytest.raises(HistoryError) as unwritten:
        remember(Secret(url), made(healthy()), vantage="here")
    assert WORD not in f"{unread.value} {unwritten.value}"


def test_a_wrong_password_is_told_without_it(cluster: Cluster) -> None:
    """The server's refusal is told, and neither the right nor the wrong password."""
    right = cluster.url().reveal()
    wrong = Secret(right.replace(cluster.password, WORD))
    with pytest.raises(HistoryError, match="password authentication failed") as told:
        histories(wrong)
    assert WORD not in str(told.value)


def test_reading_makes_no_file(tmp_path: Path) -> None:
    """Asking for a history that is not there makes none."""
    assert histories(Secret(f"sqlite:///{tmp_path / 'none.sqlite'}")) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A file of something else is refused in one sentence, and stays what it is."""
    file = tmp_path / "history.sqlite"
    file.write_text("This is a letter, and no database at all. " * 40, encoding="ascii")
    with pytest.raises(HistoryError, match="not a database"):
        remember(Secret(f"sqlite:///{file}"), made(healthy()), vantage="here")
    assert file.read_text(encoding="ascii").startswith("This is a letter")
