"""A private PostgreSQL cluster: in a folder of its own, as nobody, on a Unix socket."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kalshi_preflight.model.secret import Secret
from tests.selftest.machine import needs_postgresql

_USER = "preflight"
#: A server that does not come up, or does not go, for so long never will.
_LIMIT_SECONDS = 60


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
        with _serving([*prefix, *_dies_with_us()], programs, folder):
            yield Cluster(folder=folder, password=password)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _dies_with_us() -> tuple[str, ...]:
    """A prefix for a server that shuts down at once when this process is killed.

    ``pg_ctl`` would end before its server, so it cannot be what starts it.
    """
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig=QUIT") if setpriv else ()


@contextmanager
def _serving(prefix: list[str], programs: Path, folder: Path) -> Iterator[None]:
    """The server of the cluster in ``folder``; it answers when this begins."""
    command = [*prefix, str(programs / "postgres"), "-D", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"],
            cwd="/",
            env=_own_variables(),
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(server, programs, folder)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)  # an immediate shutdown
        server.wait(_LIMIT_SECONDS)


def _wait_for(server: subprocess.Popen[bytes], programs: Path, folder: Path) -> None:
    asked = [str(programs / "pg_isready"), "--quiet", f"--host={folder}"]
    deadline = time.monotonic() + _LIMIT_SECONDS
    while subprocess.run(asked, check=False, env=_own_variables()).returncode != 0:
        late = server.poll() is not None or time.monotonic() > deadline
        assert not late, (folder / "log").read_text("utf-8", "replace")


def _run(command: list[str], *arguments: str) -> None:
    subprocess.run(
        [*command, *arguments],
        check=True,
        cwd="/",
        env=_own_variables(),
        stdout=subprocess.DEVNULL,
    )


def _own_variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name[:2] != "PG"}
