"""Doors of the history's proofs: the same questions to a file and to a server."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from kalshi_preflight.model.secret import Secret
from tests.selftest.history.cluster import Cluster, started_cluster

_numbers = count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL cluster for this run."""
    with started_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Secret:
    """The URL of an empty history: a file's, then a server's."""
    if request.param == "sqlite":
        return Secret(f"sqlite:///{tmp_path / 'history.sqlite'}")
    return empty_database(request.getfixturevalue("cluster"))


def empty_database(cluster: Cluster) -> Secret:
    """The URL of a new database of this cluster."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    name = f"history_{next(_numbers)}"
    whole = cluster.url().reveal().replace("postgresql", "postgresql+psycopg", 1)
    engine = create_engine(whole, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return cluster.url(name)
