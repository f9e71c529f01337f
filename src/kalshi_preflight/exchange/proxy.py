"""A forward proxy that tunnels to the exchange and nowhere else."""

import asyncio
import contextlib
import socket
from collections.abc import Callable

import h11

from kalshi_preflight.exchange.hooks import ProxyHooks
from kalshi_preflight.exchange.message import Request, Response, as_text
from kalshi_preflight.exchange.wire import CHUNK_BYTES, Stream

MAX_HEAD_BYTES = 16384


class Proxy:
    """Answers CONNECT (RFC 9110, 9.3.6); ``destination`` is asked when one comes."""

    def __init__(
        self, hooks: ProxyHooks, destination: Callable[[], tuple[str, int]]
    ) -> None:
        self._hooks = hooks
        self._destination = destination

    async def converse(self, stream: Stream) -> bool:
        """Serve one connection to its end; it is always taken over."""
        connection = h11.Connection(
            h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES
        )
        try:
            request = await self._read(stream, connection)
        except h11.RemoteProtocolError:
            await stream.send(written(as_text("Bad Request", 400)))
            await stream.close()
            return True
        if request is None:
            return True
        for answer in self._hooks.answers:
            if await answer(stream, request):
                return True
        if request.method != "CONNECT":
            await stream.send(written(as_text("only CONNECT is served", 405)))
            await stream.close()
            return True
        await self._tunnel(stream, connection.trailing_data[0])
        return True

    async def _read(self, stream: Stream, connection: h11.Connection) -> Request | None:
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(await stream.receive())
        if not isinstance(event, h11.Request):
            return None
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in event.headers.raw_items()
        )
        return Request(event.method.decode(), event.target.decode("latin-1"), headers)

    async def _tunnel(self, stream: Stream, received: bytes) -> None:
        """Carry bytes both ways until one side has ended."""
        loop = asyncio.get_running_loop()
        with socket.socket(self._family(), socket.SOCK_STREAM) as upstream:
            upstream.setblocking(False)
            await loop.sock_connect(upstream, self._destination())
            await stream.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await loop.sock_sendall(upstream, received)
            with contextlib.suppress(OSError):
                await self._carry(stream, upstream)

    def _family(self) -> socket.AddressFamily:
        is_six = ":" in self._destination()[0]
        return socket.AF_INET6 if is_six else socket.AF_INET

    async def _carry(self, stream: Stream, upstream: socket.socket) -> None:
        loop = asyncio.get_running_loop()

        async def inward() -> None:
            while data := await stream.receive():
                await loop.sock_sendall(upstream, data)

        async def outward() -> None:
            while data := await loop.sock_recv(upstream, CHUNK_BYTES):
                await stream.send(data)

        tasks = [asyncio.create_task(inward()), asyncio.create_task(outward())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def written(response: Response) -> bytes:
    """A whole answer, after which the connection ends."""
    lines = [f"HTTP/1.1 {response.status} {response.reason}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    lines += [f"Content-Length: {len(response.body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + response.body
