"""Each fault of the first set, seen from outside through real sockets."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.rcode
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from kalshi_preflight.exchange import FAULTS, Exchange, UnknownFault, faults
from tests.selftest.exchange.client import Client

pytestmark = pytest.mark.selftest
SHORT_SECONDS = 0.3


@contextmanager
def faulty(
    directory: Path, name: str, timeout_seconds: float = 5.0
) -> Iterator[Client]:
    """Run an exchange with one fault."""
    with Exchange(directory, faults=[name]) as exchange:
        yield Client(exchange.state, timeout_seconds)


def test_nxdomain_denies_the_name_everywhere_but_not_the_control(
    tmp_path: Path,
) -> None:
    """Both resolvers deny the exchange's name and still know the control's."""
    with faulty(tmp_path, "dns-nxdomain") as client:
        second = int(client.state.controls.resolvers[0].rpartition(":")[2])
        assert client.resolve("localhost").rcode() == dns.rcode.NXDOMAIN
        assert client.resolve("localhost", port=second).rcode() == dns.rcode.NXDOMAIN
        assert client.resolve("control.kalshi.test").rcode() == dns.rcode.NOERROR


@pytest.mark.parametrize("tcp", [False, True])
def test_silent_dns_takes_the_question(tmp_path: Path, tcp: bool) -> None:
    """The question arrives, and no reply comes, on UDP and on TCP."""
    with Exchange(tmp_path, faults=["dns-silent"]) as exchange:
        client = Client(exchange.state, SHORT_SECONDS)
        with pytest.raises(dns.exception.Timeout):
            client.resolve("localhost", tcp=tcp)
        assert exchange.ledger.questions[0].name == "localhost"


def test_refused_port_is_closed(tmp_path: Path) -> None:
    """A connection attempt is refused."""
    with (
        faulty(tmp_path, "tcp-refused") as client,
        pytest.raises(ConnectionRefusedError),
    ):
        client.tcp()


def test_black_hole_never_answers(tmp_path: Path) -> None:
    """A connection attempt runs into its deadline."""
    with (
        faulty(tmp_path, "tcp-blackhole", SHORT_SECONDS) as client,
        pytest.raises(TimeoutError),
    ):
        client.tcp()


def test_reset_comes_before_any_byte(tmp_path: Path) -> None:
    """The accepted connection ends with RST, at the latest when it is read."""
    with (
        faulty(tmp_path, "tcp-reset") as client,
        pytest.raises(ConnectionResetError),
        client.tcp() as sock,  # a quick RST overtakes connect() itself
    ):
        sock.recv(1)


def test_plaintext_is_http(tmp_path: Path) -> None:
    """The ClientHello is answered with an HTTP status line."""
    with faulty(tmp_path, "tls-plaintext") as client:
        with pytest.raises(ssl.SSLError), client.tls():
            pass
        with client.tcp() as sock:
            sock.sendall(b"\x16\x03\x01")
            assert sock.recv(8) == b"HTTP/1.1"


def test_stalled_handshake_is_silent(tmp_path: Path) -> None:
    """The handshake runs into its deadline over an open connection."""
    with (
        faulty(tmp_path, "tls-stall", SHORT_SECONDS) as client,
        pytest.raises(TimeoutError),
        client.tls(),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "verify_code"),
    [("tls-expired", 10), ("tls-wrong-host", 62), ("tls-unknown-ca", 19)],
)
def test_certificate_faults_have_their_verify_code(
    tmp_path: Path, name: str, verify_code: int
) -> None:
    """OpenSSL gives the code of the one thing that is wrong with the chain."""
    with (
        faulty(tmp_path, name) as client,
        pytest.raises(ssl.SSLCertVerificationError) as refused,
        client.tls(),
    ):
        pass
    assert refused.value.verify_code == verify_code


@pytest.mark.parametrize(
    ("name", "status"),
    [("http-not-found", 404), ("http-500", 500), ("exchange-paused", 200)],
)
def test_http_faults_answer_with_their_status(
    tmp_path: Path, name: str, status: int
) -> None:
    """``/exchange/status`` answers with the fault's status."""
    with faulty(tmp_path, name) as client:
        assert client.request("/exchange/status").status == status


def test_stalled_http_keeps_the_connection_open(tmp_path: Path) -> None:
    """A request is read, and no answer comes in time."""
    with (
        faulty(tmp_path, "http-stall", SHORT_SECONDS) as client,
        pytest.raises(TimeoutError),
    ):
        client.request("/exchange/status")


@pytest.mark.parametrize(
    ("name", "exchange_active"), [("exchange-paused", False), ("trading-paused", True)]
)
def test_pauses_show_in_the_status(
    tmp_path: Path, name: str, exchange_active: bool
) -> None:
    """A paused exchange takes nothing; paused trading leaves the exchange active."""
    with faulty(tmp_path, name) as client:
        status = client.request("/exchange/status").document
    assert status["exchange_active"] is exchange_active
    assert status["trading_active"] is False


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("clock-skew", b"header_timestamp_expired"),
        ("key-unknown", b"NOT_FOUND"),
        ("signature-rejected", b"INCORRECT_API_KEY_SIGNATURE"),
    ],
)
def test_authentication_faults_have_their_body(
    tmp_path: Path, name: str, told: bytes
) -> None:
    """A well-signed request gets 401 with the fault's own words."""
    with faulty(tmp_path, name) as client:
        answer = client.signed("/portfolio/balance")
    assert answer.status == 401
    assert told in answer.body


def test_origin_is_what_the_upgrade_is_refused_for(tmp_path: Path) -> None:
    """The same upgrade passes without Origin and is refused, as gorilla does, with."""
    with faulty(tmp_path, "ws-origin") as client:
        with client.websocket():
            pass
        with (
            pytest.raises(InvalidStatus) as refused,
            client.websocket(origin="https://localhost"),
        ):
            pass
    response = refused.value.response
    assert response.status_code == 403
    assert response.body == b"Forbidden\n"
    assert response.headers["Sec-WebSocket-Version"] == "13"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_unauthorized_upgrade_leaves_rest_alone(tmp_path: Path) -> None:
    """The upgrade gets 401 while the same key reads the balance."""
    with faulty(tmp_path, "ws-401") as client:
        assert client.signed("/portfolio/balance").status == 200
        with pytest.raises(InvalidStatus) as refused, client.websocket():
            pass
    assert refused.value.response.status_code == 401


def test_closed_websocket_has_a_code(tmp_path: Path) -> None:
    """After 101 comes a close frame with 1011."""
    with (
        faulty(tmp_path, "ws-closed") as client,
        client.websocket() as websocket,
        pytest.raises(ConnectionClosedError) as closed,
    ):
        websocket.recv(5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1011


def test_names_are_unique_and_kebab_case() -> None:
    """No two faults share a name, and names are kebab-case."""
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalnum() and name.islower() for name in names)


def test_every_fault_file_is_listed() -> None:
    """Each file of faults contributes to the literal."""
    folder = Path(faults.__file__).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "fault"}
    listed = {fault.apply.__module__.rpartition(".")[2] for fault in FAULTS}
    assert listed == files


def test_unknown_fault_names_what_is_close(tmp_path: Path) -> None:
    """A misspelt fault is refused in one sentence that names the right one."""
    with pytest.raises(UnknownFault, match=r"did you mean .*tls-expired"):
        Exchange(tmp_path, faults=["tls-expird"])
