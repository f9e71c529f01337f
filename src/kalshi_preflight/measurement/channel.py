"""One WebSocket connection that is listened to and spoken on in turn, without tasks."""

import asyncio
import json
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.protocol import Event

from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.websocket import (
    Assembly,
    check_open,
    flush,
    say_goodbye,
    send_upgrade,
)
from kalshi_preflight.probes.wire import PeerClosed, TlsWire


class NotUpgraded(Exception):
    """The upgrade was refused; ``notes`` is what was seen of the answer."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(f"status {notes.get('status')}")
        self.notes = notes


class Channel:
    """An upgraded connection; ``notes`` are those of the upgrade."""

    def __init__(
        self, wire: TlsWire, protocol: ClientProtocol, early: list[Event], notes: Notes
    ) -> None:
        self._wire = wire
        self._protocol = protocol
        self._assembly = Assembly(early)
        # Cancelling a read may lose what it has just read, so one is kept going.
        self._reading: asyncio.Task[bytes] | None = None
        self.notes = notes

    @classmethod
    async def upgraded(cls, line: Line, wire: TlsWire) -> "Channel":
        """Upgrade ``wire``; raises :class:`NotUpgraded`, or what ends the bytes."""
        notes: Notes = {}
        try:
            protocol, early = await send_upgrade(line, wire, notes)
            if notes.get("status") != 101:
                raise NotUpgraded(notes)
        except BaseException:
            wire.close()
            raise
        return cls(wire, protocol, early, notes)

    async def say(self, document: dict[str, Any]) -> None:
        """Send one command."""
        self._protocol.send_text(json.dumps(document).encode())
        await flush(self._protocol, self._wire)

    async def ping(self, payload: bytes) -> None:
        """Send one ping."""
        self._protocol.send_ping(payload)
        await flush(self._protocol, self._wire)

    async def frames(self, until: float) -> list[Frame]:
        """What comes next; nothing if the loop's time is ``until`` first.

        Raises what ends the connection.
        """
        if waiting := list(self._assembly.frames(self._protocol)):
            return waiting
        check_open(self._protocol)
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._wire.receive())
        left = until - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({self._reading}, timeout=max(0.0, left))
        if not done:
            return []
        data, self._reading = self._reading.result(), None
        # The cap of a connection is one on what nobody asked for.
        self._wire.tcp.received_bytes = 0
        if not data:
            self._protocol.receive_eof()
            check_open(self._protocol)
            raise PeerClosed("the connection ended without a closing handshake")
        self._protocol.receive_data(data)
        found = list(self._assembly.frames(self._protocol))
        await flush(self._protocol, self._wire)
        return found

    @property
    def close_words(self) -> dict[str, Any] | None:
        """Code and reason with which the peer closed, if it did."""
        close = self._protocol.close_rcvd
        if close is None:
            return None
        return {"code": int(close.code), "reason": close.reason}

    async def goodbye(self) -> None:
        """Close politely."""
        try:
            await say_goodbye(self._protocol, self._wire)
        finally:
            await self.cut()

    async def cut(self) -> None:
        """Close at once, without a word: what a broken line looks like."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            self._reading = None
        self._wire.close()
