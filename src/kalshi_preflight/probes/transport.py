"""httpx over the journey's own wire: one HTTP/1.1 connection, spoken by h11.

httpx's own transport would open connections itself, and importing what it is made of
(httpcore, anyio) takes as long as a handshake.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import h11
import httpx

from kalshi_preflight.probes.wire import PeerClosed, TooMuch, Wire

#: What may come before the head of an answer is complete, interim answers included.
HEAD_LIMIT_BYTES = 64 * 1024
_FIRST_BYTES = 64
#: What h11 keeps of a line or a head that is not complete yet.
_EVENT_LIMIT_BYTES = 100 * 1024


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


class WireTransport(httpx.AsyncBaseTransport):
    """Sends every request over one HTTP/1.1 connection that is already open.

    Timeouts are not its business: the deadline of the step stands above all of it.
    ``progress`` is how far the answer to the latest request has come. Raises whatever
    the wire raises, and ``h11.RemoteProtocolError``.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._connection = h11.Connection(
            h11.CLIENT, max_incomplete_event_size=_EVENT_LIMIT_BYTES
        )
        self._closed = False
        self.progress = Progress()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request without a body, one answer, whose body is read as it is asked."""
        self.progress = Progress()
        if self._closed:
            raise PeerClosed("the server closed the connection after its last answer")
        try:
            await self._send(request)
            answer = await self._head()
        except BaseException:
            await self.aclose()
            raise
        self.progress.in_head = False
        return httpx.Response(
            status_code=answer.status_code,
            headers=answer.headers.raw_items(),
            stream=_Body(self),
            extensions={"http_version": b"HTTP/" + answer.http_version},
        )

    async def _send(self, request: httpx.Request) -> None:
        asked = h11.Request(
            method=request.method,
            target=request.url.raw_path,
            headers=request.headers.raw,
        )
        for event in (asked, h11.EndOfMessage()):
            if data := self._connection.send(event):
                await self._wire.send(data)
                self.progress.sent_at = time.perf_counter()

    async def _head(self) -> h11.Response | h11.InformationalResponse:
        """The final head; 101 is one as well, and nothing of HTTP follows it."""
        while True:
            event = await self._event()
            if isinstance(event, h11.Response):
                return event
            switches = getattr(event, "status_code", None) == 101
            if switches and isinstance(event, h11.InformationalResponse):
                return event

    async def _event(self) -> Any:
        while True:
            event = self._connection.next_event()
            if event is not h11.NEED_DATA:
                return event
            data = await self._wire.receive()
            self.progress.note(data)
            if not data and self._connection.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError(
                    "Server disconnected without sending a response."
                )
            self._connection.receive_data(data)

    async def body(self) -> AsyncIterator[bytes]:
        """The body of the latest answer, piece by piece."""
        while True:
            event = await self._event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage) or event is h11.PAUSED:
                return

    async def end(self) -> None:
        """Make ready for the next request, or close where there can be none."""
        states = {self._connection.our_state, self._connection.their_state}
        if states == {h11.DONE}:
            self._connection.start_next_cycle()
        else:
            await self.aclose()

    async def aclose(self) -> None:
        """Close the connection."""
        self._closed = True
        self._wire.close()


class _Body(httpx.AsyncByteStream):
    """The body of an answer, as httpx wants it."""

    def __init__(self, transport: WireTransport) -> None:
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._transport.body():
                yield part
        except BaseException:
            await self._transport.aclose()
            raise

    async def aclose(self) -> None:
        await self._transport.end()
