"""HTTP/1.1 on a secured stream: h11 parses and writes, hooks act in between."""

from collections.abc import Awaitable, Callable

import h11

from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.hooks import HttpHooks
from kalshi_preflight.exchange.message import Request, Response, as_text
from kalshi_preflight.exchange.wire import Stream

MAX_HEAD_BYTES = 65536
MAX_BODY_BYTES = 1 << 20

Answer = Callable[[Request], Response]
Upgraded = Callable[[Stream, Request, bytes], Awaitable[None]]


class Http1:
    """Serves requests, one after the other, until one side ends the connection."""

    def __init__(self, clock: Clock, hooks: HttpHooks, answer: Answer) -> None:
        self._clock = clock
        self._hooks = hooks
        self._answer = answer

    async def serve(
        self,
        stream: Stream,
        record: Callable[[Request, int], None],
        upgraded: Upgraded | None = None,
    ) -> None:
        """Run the connection; ``upgraded`` continues after a 101.

        ``record`` is told every request and the status decided on; a hook may still
        keep it from the wire.
        """
        connection = h11.Connection(
            h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES
        )
        while True:
            request = await self._read(stream, connection)
            if request is None:
                break
            response = await self._respond(request)
            wire = self._written(connection, request, response)
            record(request, response.status)  # before the client can know of it
            for send in self._hooks.sends:
                if await send(stream, request, response, wire):
                    return None
            await stream.send(wire)
            if response.status == 101 and upgraded is not None:
                return await upgraded(stream, request, connection.trailing_data[0])
            if connection.our_state is not h11.DONE:
                break
            connection.start_next_cycle()
        await stream.close()
        return None

    async def _respond(self, request: Request) -> Response:
        for change in self._hooks.requests:
            request = change(request)
        response = self._answer(request)
        for answer in self._hooks.answers:
            response = await answer(request, response)
        return response

    async def _read(self, stream: Stream, connection: h11.Connection) -> Request | None:
        head: h11.Request | None = None
        body = b""
        try:
            while True:
                event = connection.next_event()
                if event is h11.NEED_DATA:
                    if connection.they_are_waiting_for_100_continue:
                        go_on = h11.InformationalResponse(status_code=100, headers=[])
                        await stream.send(connection.send(go_on) or b"")
                    connection.receive_data(await stream.receive())
                elif isinstance(event, h11.Request):
                    head = event
                elif isinstance(event, h11.Data):
                    body += event.data
                    if len(body) > MAX_BODY_BYTES:
                        return None
                elif isinstance(event, h11.EndOfMessage) and head is not None:
                    return _request(head, body)
                else:
                    return None
        except h11.RemoteProtocolError as error:
            await self._refuse(stream, connection, error.error_status_hint)
            return None

    async def _refuse(
        self, stream: Stream, connection: h11.Connection, status: int
    ) -> None:
        # What Go's server says to a request that it cannot parse.
        if connection.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = as_text(f"{status} Bad Request", status)
            response = response.with_header("Connection", "close")
            await stream.send(self._written(connection, None, response))

    def _written(
        self, connection: h11.Connection, request: Request | None, response: Response
    ) -> bytes:
        headers = [("Date", self._clock.http_date()), *response.headers]
        if response.header("Date") is not None:
            del headers[0]
        if response.status == 101:
            switch = h11.InformationalResponse(
                status_code=101, headers=headers, reason=response.reason
            )
            return connection.send(switch) or b""
        if response.header("Content-Length") is None:
            headers.append(("Content-Length", str(len(response.body))))
        head = h11.Response(
            status_code=response.status, headers=headers, reason=response.reason
        )
        wire = connection.send(head) or b""
        if request is None or request.method != "HEAD":
            wire += connection.send(h11.Data(data=response.body)) or b""
        return wire + (connection.send(h11.EndOfMessage()) or b"")


def _request(head: h11.Request, body: bytes) -> Request:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in head.headers.raw_items()
    )
    method, target = head.method.decode("ascii"), head.target.decode("latin-1")
    return Request(method, target, headers, body)
