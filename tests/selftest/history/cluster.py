"""A private PostgreSQL cluster: in a folder of its own, as nobody, on a Unix socket."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kalshi_preflight.model.secret import Secret
from tests.selftest.machine import needs_postgresql

_USER = "preflight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running cluster; ``url`` is that of a database of its own for each caller."""

    folder: Path
    password: str

    def url(self, database: str = "postgres") -> Secret:
        """The SQLAlchemy URL of a database of this cluster."""
        account = f"{_USER}:{self.password}"
        return Secret(f"postgresql://{account}@/{database}?host={self.folder}")


@contextmanager
def started_cluster() -> Iterator[Cluster]:
    """A cluster that wants a password, gone afterwards."""
    programs, prefix = needs_postgresql()
    # Under pytest's own folders nobody could not go: they are their maker's alone.
    folder = Path(tempfile.mkdtemp(prefix="preflight-pg-"))
    try:
        password = secrets.token_urlsafe(12)
        (folder / "password").write_text(password, encoding="ascii")
        if prefix:
            subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)
        data = folder / "data"
        _run(
            [*prefix, str(programs / "initdb"), "-D", str(data), "-U", _USER],
            "--auth=scram-sha-256",
            f"--pwfile={folder / 'password'}",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        )
        control = [*prefix, str(programs / "pg_ctl"), "-D", str(data)]
        options = f"-c listen_addresses= -c fsync=off -k {folder}"
        log = f"--log={folder / 'log'}"
        _run(control, "start", "--wait", "--silent", log, "-o", options)
        try:
            yield Cluster(folder=folder, password=password)
        finally:
            _run(control, "stop", "--mode=immediate", "--silent")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], *arguments: str) -> None:
    own = {name: value for name, value in os.environ.items() if name[:2] != "PG"}
    subprocess.run(
        [*command, *arguments],
        check=True,
        cwd="/",
        env=own,
        stdout=subprocess.DEVNULL,
    )
