"""What hostile input has found once (tests/fuzz), small and by name."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import dns.message
import pytest

from kalshi_preflight.model.environment import EndpointKind, HostPort
from kalshi_preflight.model.journey import Step
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes.certificate import describe, each_legible
from kalshi_preflight.probes.exchange_client import moment_in
from kalshi_preflight.probes.observations.handshake_flight import messages_of
from kalshi_preflight.probes.resolver import NotOurs, over_tcp
from kalshi_preflight.probes.wire import TcpWire
from tests.fuzz.climbing import climb, wire_of
from tests.fuzz.parsers.websocket import ACCEPT, Upgrading

pytestmark = pytest.mark.selftest

UPGRADED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + ACCEPT + b"\r\n\r\n"
)
_MESSAGE = b'{"type":"subscribed","msg":{"channel":"ticker"}}'
ACKNOWLEDGED = b"\x81" + bytes([len(_MESSAGE)]) + _MESSAGE
PONG = b"\x8a\x10kalshi-preflight"


def causes(step: Step) -> list[str]:
    """The ids of what was found on a step."""
    return [cause.id for cause in step.causes]


def answered(head: bytes) -> list[str]:
    """What is found when this answers the request for the status."""
    return causes(climb(EndpointKind.REST, Layer.HTTP, wire_of(head)))


def upgraded(*parts: bytes) -> list[str]:
    """What is found when this answers the upgrade."""
    wire = Upgrading(parts, "eof")
    return causes(climb(EndpointKind.WEBSOCKET, Layer.WEBSOCKET, wire))


@pytest.mark.parametrize(
    "date",
    [
        "Sun, 2100000000000000000000 Nov 2026 04:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "",
        "x",
    ],
)
def test_a_date_that_no_calendar_has_is_none(date: str) -> None:
    """A ``Date`` that cannot be is left out; the answer it came with still counts."""
    body = b'{"exchange_active":true,"trading_active":true}'
    head = f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: {len(body)}\r\n\r\n"
    assert moment_in(date) is None
    assert answered(head.encode() + body) == []


@pytest.mark.parametrize(
    "location", ["https://x.test:y/", "http://[::1", "https:/x", "\x1bhttps://x.test/"]
)
def test_a_redirect_that_leads_nowhere_is_a_redirect(location: str) -> None:
    """The answer is judged by its status, also where its target is no address."""
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    found = answered(head.encode())
    assert len(found) == 1
    assert found[0] in ("http-redirected", "http-captive-portal", "http-protocol-error")


def test_a_header_may_come_twice() -> None:
    """Lines of one name are joined, as proxies may write them (RFC 9110 §5.3)."""
    twice = b"HTTP/1.1 403 Forbidden\r\nVia: 1.1 a\r\nVia: 1.1 b\r\n"
    assert upgraded(twice + b"Content-Length: 0\r\n\r\n") == ["ws-forbidden-edge"]


def test_first_words_in_one_piece_with_the_upgrade_are_heard() -> None:
    """Frames that come in the same bytes as the 101 are frames all the same."""
    assert upgraded(UPGRADED + ACKNOWLEDGED + PONG) == []


@pytest.mark.parametrize(
    ("frame", "cause"),
    [
        (b"\x88\x06\x03\xf0gone", "ws-closed"),
        (b"\x88\x04\x03\xf0\xff\xfe", "ws-protocol-error"),
        (b"\xff\xff", "ws-protocol-error"),
    ],
)
def test_an_end_in_one_piece_with_the_upgrade(frame: bytes, cause: str) -> None:
    """Whoever says goodbye with the 101 is not spoken to, and not a defect of ours."""
    assert upgraded(UPGRADED + frame) == [cause]


def test_an_error_after_all_was_said_is_none() -> None:
    """Damage behind acknowledgement and pong keeps nobody from saying goodbye."""
    assert upgraded(UPGRADED, ACKNOWLEDGED + PONG + b"\xff\xff") == []


def test_handshakes_without_end_are_cut() -> None:
    """A flight of empty messages is read once, and no longer than a handshake is."""
    hello_request = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00"
    assert messages_of(hello_request * 200_000) == [0] * 100
    assert messages_of(b"\x16\x03\x03\x00\x00" * 200_000) == []


def test_illegible_certificates_are_left_out() -> None:
    """A certificate that only OpenSSL can read does not hide the others."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert each_legible(lambda der: describe(der, now=now), [b"0\x80", b""]) == []


def test_an_answer_over_tcp_has_to_be_ours_as_well() -> None:
    """An answer to another question is none, whichever way it came."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(512)
        other = dns.message.make_response(dns.message.make_query("other.test", "A"))
        writer.write(len(other.to_wire()).to_bytes(2, "big") + other.to_wire())
        await writer.drain()
        writer.close()

    async def ask() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        address = HostPort(*server.sockets[0].getsockname())
        async with server:
            await over_tcp(address, dns.message.make_query("api.test", "A"))

    with pytest.raises(NotOurs):
        asyncio.run(ask())


def test_a_flood_leaves_others_their_turn() -> None:
    """Between two reads everybody else is heard, also where bytes wait already."""

    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 1_000_000)
        await writer.drain()
        writer.close()

    async def read() -> list[str]:
        server = await asyncio.start_server(pour, "127.0.0.1", 0)
        said: list[str] = []
        async with server:
            address = HostPort(*server.sockets[0].getsockname())
            wire = await TcpWire.connect(address)
            for _ in range(3):
                asyncio.get_running_loop().call_soon(said.append, "turn")
                await wire.receive()
                said.append("bytes")
            wire.close()
        return said

    said: Any = asyncio.run(read())
    assert said == ["turn", "bytes"] * 3
