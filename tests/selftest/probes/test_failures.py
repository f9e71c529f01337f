"""Exceptions become failures: by number and class, on every platform, completely."""

import errno
import socket
import ssl
from collections.abc import Iterator

import h11
import httpx
import pytest
import websockets.exceptions
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.wire import PeerClosed, TooMuch

pytestmark = pytest.mark.selftest


class ProactorError(OSError):
    """What the Proactor loop of Windows raises: a number only in ``winerror``."""

    def __init__(self, winerror: int) -> None:
        super().__init__(errno.EINVAL, "localised text")
        self.winerror = winerror


POSIX = [
    (errno.ECONNREFUSED, "refused"),
    (errno.ETIMEDOUT, "kernel-timeout"),
    (errno.EHOSTUNREACH, "host-unreachable"),
    (errno.ENETUNREACH, "network-unreachable"),
    (errno.ECONNRESET, "reset"),
    (errno.EPIPE, "reset"),
    (errno.EACCES, "prohibited"),
    (errno.EPERM, "prohibited"),
    (errno.EMFILE, "exhausted"),
    (errno.EADDRNOTAVAIL, "exhausted"),
]
WINSOCK = [
    (10061, "refused"),
    (10060, "kernel-timeout"),
    (10065, "host-unreachable"),
    (10051, "network-unreachable"),
    (10054, "reset"),
    (10053, "reset"),
    (10013, "prohibited"),
    (10024, "exhausted"),
    (10055, "exhausted"),
    (10048, "exhausted"),
]
PROACTOR = [
    (1225, "refused"),
    (121, "kernel-timeout"),
    (1232, "host-unreachable"),
    (1231, "network-unreachable"),
    (64, "reset"),
    (995, "reset"),
    (1236, "reset"),
]
GAI = [
    (socket.EAI_NONAME, "name-not-found"),
    (socket.EAI_AGAIN, "name-try-again"),
    (11001, "name-not-found"),
    (11002, "name-try-again"),
    (11003, "name-server-failed"),
    (11004, "name-no-address"),
]


@pytest.mark.parametrize(("code", "kind"), POSIX + WINSOCK)
def test_an_errno_has_a_kind(code: int, kind: str) -> None:
    """POSIX and Winsock numbers in ``errno`` mean the same kinds."""
    failure = failure_of(OSError(code, "localised text"), "connect")
    assert (failure.kind, failure.code) == (kind, code)


@pytest.mark.parametrize(("code", "kind"), PROACTOR)
def test_a_winerror_has_a_kind(code: int, kind: str) -> None:
    """The Proactor's numbers are read from ``winerror``."""
    failure = failure_of(ProactorError(code), "connect")
    assert (failure.kind, failure.code) == (kind, code)


@pytest.mark.parametrize(("code", "kind"), GAI)
def test_a_gai_code_has_a_kind(code: int, kind: str) -> None:
    """Getaddrinfo's codes mean the same on every platform."""
    failure = failure_of(socket.gaierror(code, "localised text"), "getaddrinfo")
    assert failure.kind == kind


def test_posix_64_is_no_reset() -> None:
    """Errno 64 is a reset only where the Proactor says so: elsewhere it is not."""
    assert failure_of(OSError(64, "ENONET"), "connect").kind != "reset"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), "timeout"),
        (PeerClosed(), "closed"),
        (TooMuch(), "too-large"),
        (UnicodeError("label too long"), "illegal-name"),
        (h11.RemoteProtocolError("x"), "protocol"),
        (httpx.DecodingError("x"), "decoding"),
        (websockets.exceptions.InvalidUpgrade("Upgrade", None), "upgrade-invalid"),
        (websockets.exceptions.ProtocolError("x"), "protocol"),
        (websockets.exceptions.PayloadTooBig(10, 5), "too-large"),
        (ssl.SSLEOFError(8, "EOF"), "closed"),
        (ZeroDivisionError(), "unexpected"),
    ],
)
def test_a_class_has_a_kind(error: Exception, kind: str) -> None:
    """Exceptions without a number are told by their class, subclasses included."""
    assert failure_of(error, "request").kind == kind


def _wrapped(root: BaseException) -> Iterator[BaseException]:
    """The ways in which libraries wrap what happened."""
    try:
        raise RuntimeError("wrapped") from root
    except RuntimeError as error:
        yield error
    yield RuntimeError(root)
    yield ExceptionGroup("group", [root]) if isinstance(root, Exception) else root


@pytest.mark.parametrize("form", range(3))
def test_the_root_is_dug_out(form: int) -> None:
    """The errno is found under a cause, an argument, or a group."""
    root = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    error = list(_wrapped(root))[form]
    failure = failure_of(error, "connect")
    assert failure.kind == "refused"
    assert failure.chain[-1] == "builtins.ConnectionRefusedError"


@given(st.integers(-20000, 20000), st.text(max_size=20))
def test_every_number_has_a_kind(code: int, text: str) -> None:
    """Whatever the number, there is a kind and no exception."""
    for error in (OSError(code, text), socket.gaierror(code, text)):
        assert failure_of(error, "connect").kind


def test_a_circle_of_causes_ends() -> None:
    """An exception that is its own context does not make us walk for ever."""
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    assert failure_of(one, "connect").kind == "unexpected"
