"""What is served on the shared port of REST and WebSocket, and on the control's."""

from kalshi_preflight.exchange import handshake, refusals
from kalshi_preflight.exchange.book import Book
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.hooks import Hooks, HttpHooks
from kalshi_preflight.exchange.http1 import Http1
from kalshi_preflight.exchange.ledger import Ledger
from kalshi_preflight.exchange.message import Request, Response, as_json
from kalshi_preflight.exchange.rest import Rest
from kalshi_preflight.exchange.state import WEBSOCKET_PATH
from kalshi_preflight.exchange.websocket import Feed, Session
from kalshi_preflight.exchange.wire import Stream


class Web:
    """REST, and the WebSocket under its own path."""

    def __init__(
        self,
        *,
        rest: Rest,
        book: Book,
        feed: Feed,
        clock: Clock,
        hooks: Hooks,
        ledger: Ledger,
        ping_seconds: float,
    ) -> None:
        self._rest = rest
        self._book = book
        self._feed = feed
        self._clock = clock
        self._hooks = hooks
        self._ledger = ledger
        self._ping_seconds = ping_seconds
        self._http = Http1(clock, hooks.http, self._answer)

    async def serve(self, stream: Stream) -> None:
        """Serve one connection."""
        await self._http.serve(stream, self._record, self._upgraded)

    def _record(self, request: Request, status: int) -> None:
        if request.path == WEBSOCKET_PATH:
            self._ledger.upgrade(request, status)
        else:
            self._ledger.rest(request, status)

    def _answer(self, request: Request) -> Response:
        if request.path == WEBSOCKET_PATH:
            return self._handshake(request)
        return self._rest.answer(request)

    def _handshake(self, request: Request) -> Response:
        # Which comes first there, signature or Origin, is not known: hence a switch.
        hooks = self._hooks.websocket
        refused = handshake.refusal(request, refuses_origin=hooks.refuses_origin)
        if refused is not None and not hooks.authentication_first:
            return refused
        verdict = self._rest.judge(request)
        if verdict.key is None:
            return verdict.refusal or refusals.NO_CREDENTIALS
        return refused or handshake.accept(request)[1]

    async def _upgraded(
        self, stream: Stream, request: Request, received: bytes
    ) -> None:
        hooks = self._hooks.websocket
        for opened in hooks.opened:
            if await opened(stream):
                return
        protocol, _ = handshake.accept(request)
        session = Session(
            stream=stream,
            protocol=protocol,
            book=self._book,
            clock=self._clock,
            hooks=hooks,
            ledger=self._ledger,
            ping_seconds=self._ping_seconds,
        )
        with self._feed.carrying(session):
            await session.run(received)


class Sibling:
    """Another environment of the same exchange, with keys of its own."""

    def __init__(self, rest: Rest, clock: Clock, hooks: HttpHooks) -> None:
        self._http = Http1(clock, hooks, rest.answer)

    async def serve(self, stream: Stream) -> None:
        """Serve one connection; nothing is recorded of it but that it came."""
        await self._http.serve(stream, lambda request, status: None)


class Control:
    """A healthy neighbour with a true clock: asked only to tell look-alikes apart."""

    def __init__(self, clock: Clock, hooks: Hooks) -> None:
        self._http = Http1(clock, hooks.control_http, lambda _: as_json({}))

    async def serve(self, stream: Stream) -> None:
        """Serve one connection; nothing is recorded of it but that it came."""
        await self._http.serve(stream, lambda request, status: None)
