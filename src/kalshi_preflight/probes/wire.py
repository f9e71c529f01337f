"""One connection, owned by us: TCP, and TLS laid over it, byte by byte.

The libraries that speak HTTP, WebSocket and FIX are given this wire instead of a host
name. So one socket walks through all layers and each layer is timed and judged by
itself; and because TLS runs over memory (:class:`ssl.MemoryBIO`), the first bytes of a
peer that does not speak TLS are there to be shown.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Any, Protocol

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes import icmp

#: What one connection may bring in all, so that a flooding peer cannot fill the memory.
RECEIVED_LIMIT_BYTES = 8 * 1024 * 1024
_FIRST_BYTES = 64


class TooMuch(Exception):
    """The peer sent more than :data:`RECEIVED_LIMIT_BYTES`, or than a cap allows."""


class PeerClosed(EOFError):
    """The peer closed the connection where it owed us bytes."""


class Wire(Protocol):
    """What every protocol above asks of a connection."""

    async def send(self, data: bytes) -> None:
        """Send all of ``data``."""

    async def receive(self) -> bytes:
        """Bytes as they come; empty when the peer has closed its side."""

    def close(self) -> None:
        """Close at once; closing twice does nothing."""


class Carrier(Wire, Protocol):
    """What TLS is laid over: TCP, or a tunnel through a proxy."""

    peer: HostPort
    received_bytes: int
    first_bytes: bytes


class TcpWire:
    """A connected TCP socket, driven by the running loop."""

    def __init__(self, sock: socket.socket, peer: HostPort) -> None:
        self._socket = sock
        self.peer = peer
        self.received_bytes = 0
        self.first_bytes = b""

    @classmethod
    async def connect(
        cls,
        peer: HostPort,
        told: dict[str, Any] | None = None,
        *,
        segment_bytes: int | None = None,
    ) -> "TcpWire":
        """Connect to an address (not a name); raises :class:`OSError`.

        Where it fails, the ICMP message that says why is put into ``told``, and
        ``kept``: whether it would be there if there had been one. ``segment_bytes``
        announces that no larger segments are wanted (MSS, RFC 9293 §3.7.1); not every
        platform lets a program say so.
        """
        family = socket.AF_INET6 if ":" in peer.host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        kept = False
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if segment_bytes is not None:
                option = socket.TCP_MAXSEG
                sock.setsockopt(socket.IPPROTO_TCP, option, segment_bytes)
            kept = icmp.listen(sock)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(sock, (peer.host, peer.port))
            if kept:
                icmp.ignore(sock)
        except BaseException:
            if told is not None:
                told.update(icmp.told(sock) if kept else {}, kept=kept)
            sock.close()
            raise
        return cls(sock, peer)

    async def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def receive(self) -> bytes:
        """Bytes as they come; empty at the end. Raises :class:`TooMuch`."""
        # Where bytes wait already, the loop's own receive gives them without a pause,
        # and a flood would keep every deadline from being looked at.
        await asyncio.sleep(0)
        data = await asyncio.get_running_loop().sock_recv(self._socket, 65536)
        self.received_bytes += len(data)
        if self.received_bytes > RECEIVED_LIMIT_BYTES:
            raise TooMuch(f"more than {RECEIVED_LIMIT_BYTES} bytes on one connection")
        if len(self.first_bytes) < _FIRST_BYTES:
            self.first_bytes = (self.first_bytes + data)[:_FIRST_BYTES]
        return data

    def close(self) -> None:
        """Close at once."""
        self._socket.close()


class TlsWire:
    """TLS over a :class:`Carrier`; :meth:`handshake` comes first."""

    def __init__(self, tcp: Carrier, context: ssl.SSLContext, server_name: str) -> None:
        self.tcp = tcp
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.session = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_name
        )

    async def handshake(self) -> None:
        """Run the handshake; raises :class:`ssl.SSLError`, :class:`PeerClosed`."""
        try:
            while self._wants_more(self.session.do_handshake):
                await self._flush()
                if not await self._fill():
                    raise PeerClosed("closed in the handshake")
        except ssl.SSLError:
            # The alert tells the peer why; a peer that is gone misses it.
            with contextlib.suppress(OSError):
                await self._flush()
            raise
        await self._flush()

    async def send(self, data: bytes) -> None:
        """Encrypt and send all of ``data``."""
        self.session.write(data)
        try:
            await self._flush()
        except ConnectionError:
            await self._hear_last_words()
            raise

    async def _hear_last_words(self) -> None:
        """Raise the alert with which a peer hung up, if it sent one.

        A server that refuses a TLS 1.3 client after the handshake (RFC 8446 §4.4.2.4)
        is gone before our first request can be written.
        """
        with contextlib.suppress(ConnectionError):
            while await self._fill():
                with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError):
                    self.session.read(1)

    async def receive(self) -> bytes:
        """Decrypted bytes; empty at the end, with or without close_notify."""
        read: list[bytes] = []
        await asyncio.sleep(0)  # many small records may wait: see TcpWire.receive
        try:
            while self._wants_more(lambda: read.append(self.session.read(65536))):
                await self._flush()
                if not await self._fill():
                    return b""
        except ssl.SSLZeroReturnError:
            return b""
        return read[0]

    def close(self) -> None:
        """Close the socket; what is in flight is lost, and nothing of it matters."""
        self.tcp.close()

    @staticmethod
    def _wants_more(action: Callable[[], None]) -> bool:
        """Try something on the session; true if the peer has to speak first."""
        try:
            action()
        except ssl.SSLWantReadError:
            return True
        return False

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            await self.tcp.send(data)

    async def _fill(self) -> bool:
        data = await self.tcp.receive()
        self._incoming.write(data)
        return bool(data)
