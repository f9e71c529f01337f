"""Servers that are not ours, described by an environments file, and what is found."""

import socket
from pathlib import Path

import pytest

from tests.selftest.machine import needs_program
from tests.selftest.plugin.nginx import free_port, nginx
from tests.selftest.runs import Run, run_suite

pytestmark = pytest.mark.selftest

_HOST = "api.lab.test"


def run_lab(folder: Path, port: int, ca_file: Path | None = None) -> Run:
    """Diagnose the environment ``lab``: a name of ours on a port of loopback."""
    trust = f'ca_file = "{ca_file.as_posix()}"\n' if ca_file else ""
    file = folder / "lab.toml"
    file.write_text(
        f'[environments.lab]\nrest = "https://{_HOST}/trade-api/v2"\n{trust}'
        f'connect_to = {{ "{_HOST}:443" = "127.0.0.1:{port}" }}\n',
        encoding="utf-8",
    )
    diagnosis = folder / "diagnosis.json"
    return run_suite(diagnosis, "-m", "lab", f"--environments={file}", "--budget=4")


def blocked_layers(run: Run) -> list[str]:
    """The layers above the broken one."""
    statuses = run.statuses("rest")
    return [layer for layer, status in statuses.items() if status == "blocked"]


def test_nginx_with_the_certificate_of_another_host(tmp_path: Path) -> None:
    """A wrong-host certificate: the names in it are told, HTTP and auth are blocked."""
    program = needs_program("nginx")
    with nginx(program, tmp_path, name="www.other.test") as (port, ca_file):
        run = run_lab(tmp_path, port, ca_file)
    assert run.exit_code == 1, run.screen
    root = run.environment["root_cause"]
    assert root["id"] == "tls-hostname-mismatch"
    assert "www.other.test" in root["summary"] + root["hint"]["why"]
    assert run.statuses("rest")["tcp"] == "ok"
    assert blocked_layers(run) == ["http", "auth"]


def test_nginx_that_nobody_vouches_for(tmp_path: Path) -> None:
    """The right name from an unknown authority is another cause than a wrong name."""
    program = needs_program("nginx")
    with nginx(program, tmp_path, name=_HOST) as (port, _):
        run = run_lab(tmp_path, port)
    root = run.environment["root_cause"]
    assert root["id"] in ("tls-unknown-issuer", "tls-intercepted")
    assert blocked_layers(run) == ["http", "auth"]


def test_nginx_without_the_path(tmp_path: Path) -> None:
    """A good certificate and a 404 on the status path is a wrong base path."""
    program = needs_program("nginx")
    with nginx(program, tmp_path, name=_HOST) as (port, ca_file):
        run = run_lab(tmp_path, port, ca_file)
    assert run.environment["root_cause"]["id"] == "http-not-found"
    assert blocked_layers(run) == ["auth"]


def test_a_closed_port(tmp_path: Path) -> None:
    """Nothing listens: refused, everything above is blocked, at once."""
    run = run_lab(tmp_path, free_port())
    assert run.exit_code == 1, run.screen
    assert run.environment["root_cause"]["id"] == "tcp-refused"
    assert blocked_layers(run) == ["tls", "http", "auth"]


def test_a_listener_that_never_answers(tmp_path: Path) -> None:
    """TCP opens and nobody speaks: TLS stalls, and the run ends within its budget."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        run = run_lab(tmp_path, listener.getsockname()[1])
    assert run.exit_code == 1, run.screen
    assert run.environment["root_cause"]["id"] == "tls-stalled"
    assert run.statuses("rest")["tcp"] == "ok"
    assert blocked_layers(run) == ["http", "auth"]
