"""Exceptions that only other systems raise, fed through a step up to the cause."""

import asyncio
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.probes import dns as dns_probe
from kalshi_preflight.probes import system_resolver
from kalshi_preflight.probes.observations import control_names
from kalshi_preflight.probes.wire import TcpWire
from tests.selftest.runs import ROOT
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest


class WindowsError(OSError):
    """What CPython raises on Windows: ``winerror`` beside an ``errno`` that varies."""

    def __init__(self, winerror: int, number: int) -> None:
        super().__init__(number, "localised text")
        self.winerror = winerror


class WindowsReset(ConnectionResetError):
    """The Proactor's reset, with its number in ``winerror`` alone."""

    def __init__(self, winerror: int) -> None:
        super().__init__(errno.EINVAL, "localised text")
        self.winerror = winerror


#: Blocking sockets give Winsock's number in both; the Proactor loop another one, and
#: EINVAL; 10013 and 10024 are mapped to POSIX numbers (CPython, PC/errmap.h).
CONNECT = [
    (WindowsError(10061, 10061), "tcp-refused"),
    (WindowsError(1225, errno.EINVAL), "tcp-refused"),
    (WindowsError(10060, 10060), "tcp-timeout"),
    (WindowsError(121, errno.EINVAL), "tcp-timeout"),
    (WindowsError(10013, errno.EACCES), "tcp-prohibited"),
    (WindowsError(10051, 10051), "tcp-network-unreachable"),
    (WindowsError(1231, errno.EINVAL), "tcp-network-unreachable"),
    (WindowsError(10050, 10050), "tcp-network-unreachable"),
    (WindowsError(10054, 10054), "tcp-reset"),
    (WindowsError(10053, 10053), "tcp-reset"),
    (WindowsError(64, errno.EINVAL), "tcp-reset"),
    (WindowsReset(995), "tcp-reset"),
    (WindowsError(1236, errno.EINVAL), "tcp-reset"),
    (WindowsError(10055, 10055), "tcp-local-exhaustion"),
    (WindowsError(10048, 10048), "tcp-local-exhaustion"),
    (WindowsError(10049, 10049), "tcp-local-exhaustion"),
    (WindowsError(10024, errno.EMFILE), "tcp-local-exhaustion"),
    (OSError(errno.ENOBUFS, "No buffer space available"), "tcp-local-exhaustion"),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), "tcp-local-exhaustion"),
    (OSError(errno.EADDRNOTAVAIL, "no such address"), "tcp-local-exhaustion"),
    (PermissionError(errno.EPERM, "Operation not permitted"), "tcp-prohibited"),
    (PermissionError(errno.EACCES, "Permission denied"), "tcp-prohibited"),
    (OSError(errno.ETIMEDOUT, "Connection timed out"), "tcp-timeout"),
]
LATE_CONNECT = [
    (WindowsError(10065, 10065), "tcp-host-unreachable"),
    (WindowsError(1232, errno.EINVAL), "tcp-host-unreachable"),
]


def _named(value: object) -> str:
    number = getattr(value, "winerror", None) or getattr(value, "errno", None)
    return f"{type(value).__name__}-{number}" if number else str(value)


#: Winsock's code, what the resolver does at the same time, and the cause. Without a
#: fault it is the system alone that fails.
LOOK_UP = [
    (11001, "dns-nxdomain", "dns-name-not-found"),
    (11001, "dns-nxdomain-here", "dns-blocked-here"),
    (11002, "dns-servfail", "dns-server-failure"),
    (11003, "dns-formerr", "dns-server-failure"),
    (11004, "dns-nodata", "dns-no-address"),
    (11001, "", "dns-blocked-here"),
    (11002, "", "dns-server-failure"),
    (11004, "", "dns-no-address"),
    (8, "dns-nxdomain", "dns-name-not-found"),  # macOS has one code for all
    (8, "dns-servfail", "dns-server-failure"),
    (8, "dns-refused", "dns-refused"),
]


@contextmanager
def connecting_raises(
    monkeypatch: pytest.MonkeyPatch, error: OSError, port: int, after: float = 0.0
) -> Iterator[None]:
    """Have every connect to ``port`` raise; the controls are connected to as ever."""
    real = TcpWire.connect

    async def connect(peer: HostPort, told: object = None) -> TcpWire:
        if peer.port != port:
            return await real(peer)
        await asyncio.sleep(after)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(TcpWire, "connect", connect)
        yield


def survey_with(
    directory: Path, patch: pytest.MonkeyPatch, error: OSError, after: float = 0.0
) -> Diagnosis:
    """Survey a healthy exchange that cannot be connected to because of ``error``."""
    with Exchange(directory) as exchange:
        environment = sandbox_environment(exchange.state)
        with connecting_raises(patch, error, exchange.state.port, after):
            return survey_environment(environment)


@pytest.mark.parametrize(("error", "cause"), CONNECT, ids=_named)
def test_a_connect_that_fails_has_its_cause(
    error: OSError, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of any platform leads to the row of causes.md, on the TCP step."""
    root = survey_with(tmp_path, monkeypatch, error).root_cause
    assert root is not None
    assert (root.id, root.layer) == (cause, "tcp")


@pytest.mark.parametrize(("error", "cause"), LATE_CONNECT, ids=_named)
def test_unreachable_late_is_no_prohibition(
    error: OSError, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Host unreachable after a while is nobody's policy: nobody answered."""
    root = survey_with(tmp_path, monkeypatch, error, 1.1).root_cause
    assert root is not None
    assert root.id == cause


def test_unreachable_at_once_is_a_prohibition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no ICMP message can be had, host unreachable at once is a prohibition."""
    error = OSError(errno.EHOSTUNREACH, "No route to host")
    root = survey_with(tmp_path, monkeypatch, error).root_cause
    assert root is not None
    assert root.id == "tcp-prohibited"


def survey_by_system(
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    faults: Sequence[str],
) -> Diagnosis:
    """Survey where the system cannot look names up, for reasons of its resolver."""

    async def fail(_: str) -> tuple[str, ...]:
        raise error

    with (
        Exchange(directory, faults=faults) as exchange,
        monkeypatch.context() as patch,
    ):
        environment = sandbox_environment(exchange.state)
        assert environment.resolver is not None
        servers = (environment.resolver,)
        patch.setattr(dns_probe, "getaddrinfo", fail)
        for module in (dns_probe, control_names):
            patch.setattr(module, "system_resolvers", lambda: servers)
        return survey_environment(replace(environment, resolver=None))


@pytest.mark.parametrize(("code", "fault", "cause"), LOOK_UP)
def test_a_look_up_that_fails_has_its_cause(
    code: int, fault: str, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The codes of getaddrinfo on Windows lead to the rows of causes.md."""
    error = socket.gaierror(code, "getaddrinfo failed")
    faults = [fault] if fault else []
    root = survey_by_system(tmp_path, monkeypatch, error, faults).root_cause
    assert root is not None
    assert (root.id, root.layer) == (cause, "dns")


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors in /proc")
@pytest.mark.parametrize(
    ("host", "layer"), [("localhost", "dns"), ("127.0.0.1", "tcp")]
)
def test_without_descriptors_it_is_this_machine(
    host: str, layer: str, tmp_path: Path
) -> None:
    """With every descriptor in use, neither the name nor the exchange is blamed."""
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.selftest.survey.exhaustion",
            str(tmp_path),
            host,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
        timeout=50,
        check=False,
    )
    assert done.stdout.split() == ["tcp-local-exhaustion", layer], done.stderr


def test_without_threads_it_is_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no thread can be started, the system cannot look up: local exhaustion."""
    error = system_resolver.NoThread("can't start new thread")
    root = survey_by_system(tmp_path, monkeypatch, error, []).root_cause
    assert root is not None
    assert root.id == "tcp-local-exhaustion"
