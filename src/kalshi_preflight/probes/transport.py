"""httpx over the journey's own wire."""

import time
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from kalshi_preflight.probes.wire import PeerClosed, TooMuch, Wire

#: What may come before the head of an answer is complete, interim answers included.
HEAD_LIMIT_BYTES = 64 * 1024
_FIRST_BYTES = 64


@dataclass(slots=True)
class Progress:
    """How far the answer to one request has come: what no exception tells reliably.

    ``ended`` is whether the peer closed its side; ``in_head`` is whether the head is
    still incomplete. ``sent_at`` and ``first_byte_at`` (``time.perf_counter``) are when
    the last byte of the request had left and when the first one of the answer came.
    """

    received_bytes: int = 0
    first_bytes: bytes = b""
    ended: bool = False
    in_head: bool = True
    sent_at: float | None = None
    first_byte_at: float | None = None

    def note(self, data: bytes) -> None:
        """Count what was read; raises :class:`TooMuch` for a head without end."""
        if data and self.first_byte_at is None:
            self.first_byte_at = time.perf_counter()
        self.ended = not data
        self.received_bytes += len(data)
        if len(self.first_bytes) < _FIRST_BYTES:
            self.first_bytes = (self.first_bytes + data)[:_FIRST_BYTES]
        if self.in_head and self.received_bytes > HEAD_LIMIT_BYTES:
            raise TooMuch(f"the head is over {HEAD_LIMIT_BYTES} bytes")


class WireStream(httpcore.AsyncNetworkStream):
    """A wire, as httpcore wants its network streams.

    httpcore's timeouts are not used: the deadline of the step stands above all of it.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.progress = Progress()

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
    ) -> bytes:
        """Bytes as they come; empty at the end."""
        data = await self._wire.receive()
        self.progress.note(data)
        return data

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
    ) -> None:
        """Send all of ``buffer``."""
        if buffer:
            await self._wire.send(buffer)
            self.progress.sent_at = time.perf_counter()

    async def aclose(self) -> None:
        """Close the wire."""
        self._wire.close()

    def get_extra_info(self, info: str) -> Any:
        """Whether bytes wait (``is_readable``) is all that httpcore asks of us."""
        return False if info == "is_readable" else None


class WireTransport(httpx.AsyncBaseTransport):
    """Sends every request over one HTTP/1.1 connection that is already open."""

    def __init__(self, wire: Wire, url: httpx.URL) -> None:
        origin = httpcore.Origin(url.raw_scheme, url.raw_host, url.port or 443)
        self._stream = WireStream(wire)
        self._connection = httpcore.AsyncHTTP11Connection(
            origin=origin, stream=self._stream
        )

    @property
    def progress(self) -> Progress:
        """How far the answer to the latest request has come."""
        return self._stream.progress

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer; httpcore's exceptions pass through."""
        self._stream.progress = Progress()
        if self._connection.is_closed():
            raise PeerClosed("the server closed the connection after its last answer")
        url = request.url
        answer = await self._connection.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme,
                    host=url.raw_host,
                    port=url.port,
                    target=url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        self._stream.progress.in_head = False
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close the connection."""
        await self._connection.aclose()


class _Body(httpx.AsyncByteStream):
    """httpcore's stream of the body, as httpx wants it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> Any:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
