"""One accepted connection, with its bytes within reach on every layer.

TLS runs over ``ssl.MemoryBIO`` and not inside the event loop's transport, so that a
fault can read the ClientHello, answer it with anything, cut a record in half, or reset
the connection, at any point of the handshake.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import sys

CHUNK_BYTES = 65536
LINGER_SECONDS = 0.5
# struct linger {on, seconds}: two ints on POSIX, two shorts on Windows.
NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Stream:
    """Bytes of one connection: raw on TCP, and in clear above TLS once secured."""

    def __init__(self, sock: socket.socket, listener: str) -> None:
        self.listener = listener
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._sending = asyncio.Lock()
        self._tls: ssl.SSLObject | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def segment_bytes(self) -> int:
        """The largest segment that the peer announced it takes (MSS)."""
        return self._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)

    async def receive_raw(self) -> bytes:
        """Next bytes from TCP; empty at the end of the stream."""
        return await self._loop.sock_recv(self._sock, CHUNK_BYTES)

    async def send_raw(self, data: bytes) -> None:
        """Write bytes to TCP, past TLS."""
        async with self._sending:
            await self._loop.sock_sendall(self._sock, data)

    async def secure(self, context: ssl.SSLContext, hello: bytes) -> None:
        """Do the server side of a TLS handshake whose first bytes were read already.

        Raises ``ssl.SSLError`` after the alert has been sent, ``ConnectionError`` if
        the peer leaves.
        """
        self._incoming.write(hello)
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._feed()
            except ssl.SSLError:
                await self._flush()
                raise
            else:
                return await self._flush()

    async def receive(self) -> bytes:
        """Next bytes above TLS (or raw without it); empty at the end."""
        if self._tls is None:
            return await self.receive_raw()
        while True:
            try:
                return self._tls.read(CHUNK_BYTES)
            except ssl.SSLWantReadError:
                await self._flush()
                await self._feed()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    async def send(self, data: bytes) -> None:
        """Write bytes above TLS (or raw without it)."""
        if self._tls is None:
            return await self.send_raw(data)
        async with self._sending:
            self._tls.write(data)
            await self._loop.sock_sendall(self._sock, self._outgoing.read())
        return None

    async def drain(self) -> None:
        """Read and forget until the peer leaves: how a silent peer behaves."""
        with contextlib.suppress(OSError):
            while await self.receive_raw():
                pass

    async def close(self) -> None:
        """End politely: close_notify, FIN, and wait briefly for the peer's FIN.

        A socket closed with unread bytes resets the connection and may destroy the
        answer on its way, hence the wait.
        """
        with contextlib.suppress(OSError, ValueError):
            if self._tls is not None:
                with contextlib.suppress(ssl.SSLError):
                    self._tls.unwrap()
                await self._flush()
            self._sock.shutdown(socket.SHUT_WR)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    await self.drain()
        self.abandon()

    def reset(self) -> None:
        """End with RST: SO_LINGER with a time of zero, then close."""
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.abandon()

    def abandon(self) -> None:
        """Close the socket without a word of TLS."""
        self._sock.close()

    async def _feed(self) -> None:
        data = await self.receive_raw()
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self.send_raw(self._outgoing.read())
