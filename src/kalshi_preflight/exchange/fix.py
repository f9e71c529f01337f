"""The FIX acceptor: sessions on secured streams."""

import asyncio
import contextlib

from kalshi_preflight.exchange.fix_codec import Garbled, Reader, text
from kalshi_preflight.exchange.fix_session import (
    SESSION_TYPES,
    Desk,
    FixSession,
    Replies,
)
from kalshi_preflight.exchange.hooks import FixHooks
from kalshi_preflight.exchange.ledger import Ledger
from kalshi_preflight.exchange.wire import Stream

LOGON_SECONDS = 30.0
CANCELS_ON_DISCONNECT = 8013


class Acceptor:
    """Serves FIX connections, one session per key."""

    def __init__(self, desk: Desk, hooks: FixHooks, ledger: Ledger) -> None:
        self._desk = desk
        self._hooks = hooks
        self._ledger = ledger

    async def serve(self, stream: Stream) -> None:
        """Serve one connection."""
        session = FixSession(self._desk)
        pulse: asyncio.Task[None] | None = None
        try:
            with contextlib.suppress(Garbled, TimeoutError):
                reader = Reader()
                if not await self._log_on(stream, session, reader):
                    return
                pulse = asyncio.create_task(self._pulse(stream, session))
                while await self._exchange(stream, session, reader):
                    pass
        finally:
            session.end()
            if pulse is not None:
                pulse.cancel()
                await asyncio.gather(pulse, return_exceptions=True)
            await stream.close()

    async def _log_on(
        self, stream: Stream, session: FixSession, reader: Reader
    ) -> bool:
        async with asyncio.timeout(LOGON_SECONDS):
            while session.key_id is None:
                if not await self._exchange(stream, session, reader):
                    return False
        return True

    async def _exchange(
        self, stream: Stream, session: FixSession, reader: Reader
    ) -> bool:
        # A peer that is silent for two heartbeats and a bit is gone.
        async with asyncio.timeout(2.4 * session.heartbeat_seconds):
            data = await stream.receive()
        self._ledger.fix_bytes_received(len(data))
        for message in reader.feed(data):
            kind = text(message, 35)
            dangerous = text(message, CANCELS_ON_DISCONNECT) == "Y"
            changes = dangerous or kind not in SESSION_TYPES
            self._ledger.fix_message(kind, state_changing=changes)
            if not await self._reply(stream, kind, session.receive(message)):
                return False
        return bool(data)

    async def _reply(self, stream: Stream, kind: str, replies: Replies) -> bool:
        messages: list[bytes] | None = list(replies.messages)
        for answer in self._hooks.answers:
            if messages is not None:
                messages = await answer(stream, kind, messages)
        if messages is None:
            return False
        await stream.send(b"".join(messages))
        return not replies.ends

    async def _pulse(self, stream: Stream, session: FixSession) -> None:
        with contextlib.suppress(OSError):
            while True:
                await asyncio.sleep(session.heartbeat_seconds)
                await self._reply(stream, "pulse", session.heartbeat())
