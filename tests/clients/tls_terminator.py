"""TLS in front of a plain port, as stunnel in server mode: the other way of a tunnel.

The Python build of QuickFIX comes without its SSL support, so its acceptor speaks FIX
in clear on loopback and this carries the bytes.
"""

import asyncio
import contextlib
import ssl
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

HOST = "127.0.0.1"
CHUNK_BYTES = 65536
READY_SECONDS = 10


class Terminator:
    """Serves TLS on a free loopback port and carries to ``target_port``.

    ``ca_file`` is the authority to trust; ``received_bytes`` counts what clients have
    sent above TLS.
    """

    def __init__(self, directory: Path, target_port: int) -> None:
        authority = trustme.CA()
        self.ca_file = directory / "terminator.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(self._context)
        self._target_port = target_port
        self.received_bytes = 0
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(READY_SECONDS), "the terminator did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(READY_SECONDS)

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._carry, HOST, 0, ssl=self._context)
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        await self._stopped.wait()
        server.close()

    async def _carry(
        self, near: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        far, there = await asyncio.open_connection(HOST, self._target_port)
        ways = (
            asyncio.create_task(self._copy(near, there, counts=True)),
            asyncio.create_task(self._copy(far, back, counts=False)),
        )
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for writer in (there, back):
            writer.close()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _copy(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        *,
        counts: bool,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK_BYTES):
                self.received_bytes += len(data) if counts else 0
                target.write(data)
                await target.drain()
