"""The name server."""

import socket
from pathlib import Path

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.ledger import Question
from tests.selftest.exchange.client import Client

pytestmark = pytest.mark.selftest

NAMES = ("localhost", "api.kalshi.test", "fix.kalshi.test", "control.kalshi.test")


@pytest.mark.parametrize("tcp", [False, True])
def test_names_resolve_to_loopback(tmp_path: Path, tcp: bool) -> None:
    """Every name of the exchange has one A record, over UDP and TCP, with authority."""
    with Exchange(tmp_path) as exchange:
        for name in NAMES:
            reply = Client(exchange.state).resolve(name, tcp=tcp)
            assert [str(record) for record in reply.answer[0]] == ["127.0.0.1"]
            assert reply.flags & dns.flags.AA


def test_name_without_ipv6_has_no_such_record(tmp_path: Path) -> None:
    """AAAA is answered without an error and without an address."""
    with Exchange(tmp_path) as exchange:
        reply = Client(exchange.state).resolve("localhost", "AAAA")
    assert reply.rcode() == dns.rcode.NOERROR
    assert not reply.answer


def test_any_other_name_does_not_exist(tmp_path: Path) -> None:
    """A foreign name is denied, not refused."""
    with Exchange(tmp_path) as exchange:
        reply = Client(exchange.state).resolve("www.example.test")
    assert reply.rcode() == dns.rcode.NXDOMAIN


def test_questions_are_recorded(tmp_path: Path) -> None:
    """The ledger has server, transport, name and type of a question."""
    with Exchange(tmp_path) as exchange:
        Client(exchange.state).resolve("LocalHost", tcp=True)
        asked = exchange.ledger.questions
    assert asked == (Question("dns", "tcp", "LocalHost", "A"),)


def test_noise_does_not_silence_the_server(tmp_path: Path) -> None:
    """Bytes that are no DNS message are ignored, and the next question is answered."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            address = (exchange.state.host, exchange.state.dns_port)
            sock.sendto(b"\x00noise", address)
        assert client.resolve("localhost").answer


def test_edns_is_answered_with_edns(tmp_path: Path) -> None:
    """A query with EDNS gets a reply with EDNS."""
    query = dns.message.make_query("localhost", "A", use_edns=0)
    with Exchange(tmp_path) as exchange:
        state = exchange.state
        reply = dns.query.udp(query, state.host, 5, state.dns_port)
    assert reply.edns == 0
