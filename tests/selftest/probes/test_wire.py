"""The wire: bytes as they come, bounded, and kept where they tell something."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable

import pytest
import trustme

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes import wire as wires
from kalshi_preflight.probes.trust import unverified_context
from kalshi_preflight.probes.wire import PeerClosed, TcpWire, TlsWire, TooMuch

pytestmark = pytest.mark.selftest

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Use = Callable[[TcpWire], Awaitable[None]]
DEADLINE_SECONDS = 20.0


def converse(serve: Serve, use: Use, context: ssl.SSLContext | None = None) -> None:
    """Let ``use`` have a wire to a real server on loopback that runs ``serve``."""

    async def served(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()
            over.set()

    async def both() -> None:
        server = await asyncio.start_server(served, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        async with server, asyncio.timeout(DEADLINE_SECONDS):
            wire = await TcpWire.connect(HostPort("127.0.0.1", port))
            try:
                await use(wire)
            finally:
                wire.close()
            await over.wait()

    over = asyncio.Event()
    asyncio.run(both())


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close at once."""
    writer.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes, until the end."""
    while data := await reader.read(1000):
        writer.write(data)
    writer.close()


async def drain(wire: TcpWire) -> None:
    """Read to the end."""
    while await wire.receive():
        pass


def test_a_refused_connection_leaves_no_socket() -> None:
    """The errno comes through, and nothing is left open."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        with pytest.raises(ConnectionRefusedError):
            asyncio.run(TcpWire.connect(HostPort("127.0.0.1", port)))


def test_the_first_bytes_are_kept() -> None:
    """What the peer said first can be shown, and no more than 64 bytes of it."""

    async def talk(wire: TcpWire) -> None:
        await wire.send(b"x" * 100)
        while wire.received_bytes < 100:
            await wire.receive()
        assert wire.first_bytes == b"x" * 64

    converse(echo, talk)


def test_a_flood_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that sends more than the limit raises, whatever reads it."""
    monkeypatch.setattr(wires, "RECEIVED_LIMIT_BYTES", 10_000)

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 1_000_000)
        with contextlib.suppress(ConnectionError):
            await writer.drain()

    async def drink(wire: TcpWire) -> None:
        with pytest.raises(TooMuch):
            await drain(wire)

    converse(flood, drink)


def test_tls_carries_bytes_both_ways() -> None:
    """After the handshake bytes go out and come back, in any size."""
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("lab.test").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)

    async def talk(tcp: TcpWire) -> None:
        tls = TlsWire(tcp, client_side, "lab.test")
        await tls.handshake()
        await tls.send(b"y" * 40_000)
        back = b""
        while len(back) < 40_000:
            back += await tls.receive()
        assert back == b"y" * 40_000

    converse(echo, talk, server_side)


def test_an_end_in_the_handshake_is_no_protocol_error() -> None:
    """A peer that hangs up before its first byte has closed, and that is its name."""

    async def shake(tcp: TcpWire) -> None:
        with pytest.raises((PeerClosed, ConnectionError)):
            await TlsWire(tcp, unverified_context(), "lab.test").handshake()

    converse(hang_up, shake)


def test_closing_twice_is_nothing() -> None:
    """A wire may be closed by whoever comes by."""

    async def close(wire: TcpWire) -> None:
        wire.close()
        wire.close()
        with pytest.raises(OSError, match="descriptor"):
            await wire.send(b"x")

    converse(hang_up, close)
