"""What stunnel does: a plain port in front of a TLS port, for one connection.

The Python build of QuickFIX comes without its SSL support. Both directions run in one
event loop, since an ``SSLSocket`` may not be read and written by two threads at once.
"""

import asyncio
import contextlib
import socket
import ssl
import threading

CHUNK_BYTES = 65536


class Tunnel:
    """Listens on a free loopback port; ``close`` waits for its connection to end."""

    def __init__(self, host: str, port: int, ca_file: str) -> None:
        self._target = (host, port)
        self._context = ssl.create_default_context(cafile=ca_file)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._carry()), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Wait for the end."""
        self._thread.join(5)
        self._listener.close()

    async def _carry(self) -> None:
        self._listener.setblocking(False)
        plain, _ = await asyncio.get_running_loop().sock_accept(self._listener)
        near_reader, near_writer = await asyncio.open_connection(sock=plain)
        far_reader, far_writer = await asyncio.open_connection(
            *self._target, ssl=self._context, server_hostname="localhost"
        )
        there = asyncio.create_task(_copy(near_reader, far_writer))
        back = asyncio.create_task(_copy(far_reader, near_writer))
        await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
        for writer in (near_writer, far_writer):
            writer.close()
        await asyncio.gather(there, back, return_exceptions=True)


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK_BYTES):
            target.write(data)
            await target.drain()
