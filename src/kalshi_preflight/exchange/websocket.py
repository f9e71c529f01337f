"""One WebSocket connection: websockets' sans-I/O protocol on our stream."""

import asyncio
import contextlib
from collections.abc import Iterator

from websockets.exceptions import ProtocolError
from websockets.frames import Frame as WireFrame
from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from kalshi_preflight.exchange.account import Account
from kalshi_preflight.exchange.book import Book, Move
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.frames import Frame
from kalshi_preflight.exchange.hooks import WebSocketHooks
from kalshi_preflight.exchange.ledger import Ledger
from kalshi_preflight.exchange.message import compact
from kalshi_preflight.exchange.parameters import ERRORS
from kalshi_preflight.exchange.subscriptions import News, Subscriptions
from kalshi_preflight.exchange.wire import Stream

PING_SECONDS = 10.0
PING_BODY = b"heartbeat"
BUFFERED_FRAMES = 10_000
_PONG = b"\x8a"


class Session:
    """Reads commands, writes frames, and pings, until one side closes."""

    def __init__(
        self,
        *,
        stream: Stream,
        protocol: ServerProtocol,
        book: Book,
        clock: Clock,
        hooks: WebSocketHooks,
        ledger: Ledger,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self._stream = stream
        self._protocol = protocol
        self._clock = clock
        self._hooks = hooks
        self._ledger = ledger
        self._ping_seconds = ping_seconds
        self._outbox: asyncio.Queue[Frame] = asyncio.Queue(BUFFERED_FRAMES)
        self._fragments: list[bytes] = []
        self.subscriptions = Subscriptions(book)

    async def run(self, received: bytes) -> None:
        """Serve the connection; ``received`` came behind the handshake."""
        writer = asyncio.create_task(self._write())
        pinger = asyncio.create_task(self._ping())
        try:
            await self._read(received)
        finally:
            for task in (writer, pinger):
                task.cancel()
            await asyncio.gather(writer, pinger, return_exceptions=True)
        await self._stream.close()

    def deliver(self, news: News) -> None:
        """Queue the frames that a piece of news makes."""
        for frame in self.subscriptions.about(news):
            self._enqueue(frame)

    def _enqueue(self, frame: Frame) -> None:
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            self._overflow()

    def _overflow(self) -> None:
        # The client does not read: terminal error 25, and what was queued is lost.
        while not self._outbox.empty():
            self._outbox.get_nowait()
        for sid in list(self.subscriptions.active):
            subscription = self.subscriptions.active.pop(sid)
            message = {"code": 25, "msg": ERRORS[25]}
            error = {"type": "error", "id": 0, "msg": message}
            self._outbox.put_nowait(subscription.numbered(error))

    async def _read(self, received: bytes) -> None:
        data = received
        while self._protocol.state is OPEN:
            if data:
                self._protocol.receive_data(data)
                for event in self._protocol.events_received():
                    if isinstance(event, WireFrame):
                        self._handle(event)
                await self._flush()
            if self._protocol.state is not OPEN:
                return
            data = await self._stream.receive()
            if not data:
                return

    def _handle(self, frame: WireFrame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._fragments.append(bytes(frame.data))
            if frame.fin:
                whole, self._fragments = b"".join(self._fragments), []
                self._command(whole)

    def _command(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        self._ledger.command(text)
        if any(swallow(text) for swallow in self._hooks.commands):
            return
        for frame in self.subscriptions.command(text):
            self._enqueue(frame)

    async def _write(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                frame = await self._outbox.get()
                # Every message carries the time of its sending, and ends in a newline.
                document: dict[str, object] = {
                    **frame,
                    "sending_ts_ms": self._clock.now_ms(),
                }
                await self._send(document)

    async def _send(self, document: dict[str, object]) -> None:
        out: dict[str, object] | bytes | None = document
        for change in self._hooks.frames:
            if isinstance(out, dict):
                out = change(out)
        if isinstance(out, bytes):
            await self._stream.send(out)
        elif out is not None and self._protocol.state is OPEN:
            self._protocol.send_text(compact(out) + b"\n")
            await self._flush()
        self._ledger.sent()

    async def _ping(self) -> None:
        with contextlib.suppress(OSError, ProtocolError):
            while True:
                await asyncio.sleep(self._ping_seconds)
                self._protocol.send_ping(PING_BODY)
                await self._flush()

    async def _flush(self) -> None:
        out = self._protocol.data_to_send()
        if any(part[:1] == _PONG for part in out):
            await asyncio.sleep(self._hooks.pong_delay_seconds)
        if not self._hooks.sends_pongs:
            out = [part for part in out if part[:1] != _PONG]
        data = b"".join(out)
        if data:
            await self._stream.send(data)


class Feed:
    """Moves the book, lets the account take part, and tells every open session."""

    def __init__(self, book: Book, account: Account, moves_per_second: float) -> None:
        self._book = book
        self._account = account
        self._interval_seconds = 1 / moves_per_second
        self._sessions: set[Session] = set()

    @contextlib.contextmanager
    def carrying(self, session: Session) -> Iterator[None]:
        """Deliver to the session while inside."""
        self._sessions.add(session)
        try:
            yield
        finally:
            self._sessions.discard(session)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(self._interval_seconds)
            self._publish(self._book.move())

    def _publish(self, move: Move) -> None:
        fill = None if move.trade is None else self._account.traded(move.trade)
        for session in tuple(self._sessions):
            session.deliver(News(move, self._account, fill))
