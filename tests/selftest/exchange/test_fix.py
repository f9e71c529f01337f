"""The FIX acceptor: logon, refusals, heartbeats, logout."""

import base64
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import simplefix
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.fix_codec import sending_time
from tests.selftest.exchange.client import Client, load_key, signature

pytestmark = pytest.mark.selftest


class Initiator:
    """A FIX client of its own make."""

    def __init__(self, exchange: Exchange) -> None:
        state = exchange.state
        self.exchange = exchange
        self.key_id = state.ed25519.key_id
        self.target = state.fix.target_comp_id
        key = load_key(state.ed25519.private_key_file.read_bytes())
        assert isinstance(key, Ed25519PrivateKey)
        self._key = key
        self._parser = simplefix.FixParser()
        self._number = 0
        context = ssl.create_default_context(cafile=str(state.ca_file))
        sock = socket.create_connection((state.fix.host, state.fix.port), 10)
        self.sock = context.wrap_socket(sock, server_hostname="fix.kalshi.test")

    def send(self, kind: str, *pairs: tuple[int, Any], **header: Any) -> None:
        """Send one message; ``header`` overrides sender, target, number, stamp."""
        self._number += 1
        message = simplefix.FixMessage()
        head = {
            "sender": self.key_id,
            "target": self.target,
            "number": self._number,
            "stamp": sending_time(time.time()),
            **header,
        }
        tags = {"sender": 49, "target": 56, "number": 34, "stamp": 52}
        message.append_pair(8, "FIXT.1.1")
        message.append_pair(35, kind)
        for name, tag in tags.items():
            message.append_pair(tag, head[name])
        for tag, value in pairs:
            message.append_pair(tag, value)
        self.sock.sendall(message.encode())

    def log_on(self, *, damage: bytes = b"", **changes: Any) -> None:
        """Send a logon; ``changes`` are header fields, or ``t141="N"`` for a tag."""
        stamp = changes.pop("stamp", sending_time(time.time()))
        sender = changes.get("sender", self.key_id)
        target = changes.get("target", self.target)
        text = "\x01".join((stamp, "A", "1", sender, target)).encode()
        signature = base64.b64encode(self._key.sign(text + damage)).decode()
        fields = {96: signature, 98: 0, 108: 30, 141: "Y", 1137: 9}
        tags = {
            int(name[1:]): changes.pop(name)
            for name in list(changes)
            if name[1:].isdigit()
        }
        pairs = [
            (tag, value)
            for tag, value in {**fields, **tags}.items()
            if value is not None
        ]
        self.send("A", *pairs, stamp=stamp, **changes)

    def receive(self) -> dict[int, str] | None:
        """Return the next message by tag; None at the end of the connection."""
        while True:
            message = self._parser.get_message()
            if message is not None:
                return {int(tag): value.decode() for tag, value in message.pairs}
            data = self.sock.recv(65536)
            if not data:
                return None
            self._parser.append_buffer(data)


@contextmanager
def initiator(directory: Path, **options: Any) -> Iterator[Initiator]:
    """Connect to a fresh exchange."""
    with Exchange(directory, **options) as exchange:
        made = Initiator(exchange)
        with made.sock:
            yield made


def test_session_from_logon_to_logout(tmp_path: Path) -> None:
    """Logon, TestRequest and Logout are answered in kind; then the connection ends."""
    with initiator(tmp_path) as fix:
        fix.log_on()
        logon = fix.receive()
        fix.send("1", (112, "probe"))
        heartbeat = fix.receive()
        fix.send("5")
        logout = fix.receive()
        end = fix.receive()
        assert fix.exchange.ledger.fix_messages == ("A", "1", "5")
        assert fix.exchange.ledger.fix_bytes > 200
        assert fix.exchange.ledger.state_changing == 0
    assert logon is not None
    assert heartbeat is not None
    assert logout is not None
    assert (logon[35], logon[49], logon[56]) == ("A", "KalshiNR", fix.key_id)
    assert (logon[98], logon[108], logon[141], logon[1137]) == ("0", "30", "Y", "9")
    assert (heartbeat[35], heartbeat[112], heartbeat[34]) == ("0", "probe", "2")
    assert logout[35] == "5"
    assert end is None


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"target": "KalshiDC"}, {35: "5", 58: "Invalid TargetCompID"}),
        ({"sender": "unknown"}, {35: "3", 373: "9"}),
        ({"damage": b"!"}, {35: "3", 373: "8"}),
        ({"stamp": sending_time(time.time() - 3600)}, {35: "3", 373: "10"}),
        ({"t98": None}, {35: "3", 373: "1", 371: "98"}),
        ({"t96": None}, {35: "3", 373: "1", 371: "96"}),
        ({"t108": 2}, {35: "3", 373: "5", 371: "108"}),
        ({"t1137": 8}, {35: "3", 373: "5", 371: "1137"}),
        ({"t141": "N"}, {35: "5"}),
        ({"t50": "me"}, {35: "5"}),
        ({"number": 7}, {35: "5"}),
    ],
)
def test_refused_logons(
    tmp_path: Path, changes: dict[str, Any], answer: dict[int, str]
) -> None:
    """A wrong logon is answered with its refusal, and the connection ends."""
    with initiator(tmp_path) as fix:
        fix.log_on(**changes)
        received = fix.receive()
        assert received is not None
        assert {tag: received.get(tag) for tag in answer} == answer
        assert fix.receive() is None


def test_tier_below_premier_is_refused(tmp_path: Path) -> None:
    """An account without the tier gets the recorded sentence."""
    exchange = Exchange(tmp_path)
    exchange.hooks.fix.entitled = False
    with exchange:
        fix = Initiator(exchange)
        with fix.sock:
            fix.log_on()
            received = fix.receive()
    assert received is not None
    assert received[58] == "API usage level is not allowed for FIX"


def test_second_session_of_a_key_is_refused(tmp_path: Path) -> None:
    """A key has one session; when it ends, the key is free again."""
    with initiator(tmp_path) as first:
        first.log_on()
        assert first.receive()
        second = Initiator(first.exchange)
        with second.sock:
            second.log_on()
            refused = second.receive()
        assert refused is not None
        assert refused[58] == "already exists"
        first.send("5")
        assert first.receive()
        assert first.receive() is None
        third = Initiator(first.exchange)
        with third.sock:
            third.log_on()
            accepted = third.receive()
        assert accepted is not None
        assert accepted[35] == "A"


@pytest.mark.parametrize("kind", ["D", "F", "G", "q", "V", "U1"])
def test_application_messages_are_refused_and_counted(
    tmp_path: Path, kind: str
) -> None:
    """An order, or any application message, is rejected and counted."""
    with initiator(tmp_path) as fix:
        fix.log_on()
        fix.receive()
        fix.send(kind, (11, "order"))
        received = fix.receive()
        assert fix.exchange.ledger.state_changing == 1
    assert received is not None
    assert (received[35], received[372], received[380]) == ("j", kind, "6")


def test_cancel_on_disconnect_counts_as_state_changing(tmp_path: Path) -> None:
    """A logon that would cancel orders at its end is counted."""
    with initiator(tmp_path) as fix:
        fix.log_on(t8013="Y")
        assert fix.receive()
        assert fix.exchange.ledger.state_changing == 1


@pytest.mark.parametrize("number", [1, 9])
def test_wrong_sequence_number_ends_the_session(tmp_path: Path, number: int) -> None:
    """A repeated or a skipped number is answered with Logout."""
    with initiator(tmp_path) as fix:
        fix.log_on()
        fix.receive()
        fix.send("1", (112, "x"), number=number)
        received = fix.receive()
        assert received is not None
        assert "MsgSeqNum too" in received[58]
        assert fix.receive() is None


@pytest.mark.parametrize(
    "noise",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"8=FIX.4.2\x019=5\x0135=A\x0110=000\x01",
        b"8=FIXT.1.1\x019=5\x0135=A\x0110=000\x01",
    ],
)
def test_garbled_bytes_end_the_connection(tmp_path: Path, noise: bytes) -> None:
    """What is no FIX message, or has a wrong checksum, is not answered."""
    with initiator(tmp_path) as fix:
        fix.sock.sendall(noise)
        assert fix.receive() is None


def test_idle_session_gets_heartbeats(tmp_path: Path) -> None:
    """After HeartBtInt of silence the acceptor says that it is alive."""
    with initiator(tmp_path) as fix:
        fix.log_on(t108=4)
        fix.receive()
        received = fix.receive()
    assert received is not None
    assert received[35] == "0"


def test_rsa_key_logs_on_too(tmp_path: Path) -> None:
    """The RSA key of the account signs a logon with PSS."""
    with initiator(tmp_path) as fix:
        client = Client(fix.exchange.state)
        key_id = fix.exchange.state.key_id
        stamp = sending_time(time.time())
        text = "\x01".join((stamp, "A", "1", key_id, fix.target)).encode()
        raw_data = base64.b64encode(signature(client.private_key(), text)).decode()
        fix.log_on(sender=key_id, stamp=stamp, t96=raw_data)
        received = fix.receive()
    assert received is not None
    assert received[35] == "A"
