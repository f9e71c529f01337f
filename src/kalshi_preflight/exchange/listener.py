"""A TCP listener whose way of listening can be spoiled."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable

from kalshi_preflight.exchange.certificates import Authority
from kalshi_preflight.exchange.hooks import ListenerHooks, Opening
from kalshi_preflight.exchange.ledger import Ledger
from kalshi_preflight.exchange.wire import Stream

BACKLOG = 128
RETRY_SECONDS = 0.05
LATE_SECONDS = 0.7


class _Door:
    """One address of a port, and what becomes of those who knock."""

    def __init__(self, address: tuple[str, int], opening: Opening) -> None:
        """Bind and listen as ``opening`` asks; raises ``OSError``."""
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.opening = opening
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self._filler: socket.socket | None = None
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets others steal a port
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        self.sock.setblocking(False)
        try:
            self.sock.bind(address)
            self._listen()
        except OSError:
            self.close()
            raise

    @property
    def port(self) -> int:
        return int(self.sock.getsockname()[1])

    def close(self) -> None:
        for sock in (self._filler, self.sock):
            if sock is not None:
                sock.close()

    def _listen(self) -> None:
        if self.opening is Opening.REFUSE:
            return  # bound and not listening: the kernel answers SYN with RST
        full = self.opening in (Opening.BLACK_HOLE, Opening.LATE)
        self.sock.listen(0 if full else BACKLOG)
        if full:
            # One connection nobody accepts fills a backlog of 0; from then on the
            # kernel drops every SYN.
            self._filler = socket.socket(self.sock.family, socket.SOCK_STREAM)
            self._filler.connect(self.sock.getsockname())

    def make_room(self) -> None:
        """Let go of what fills the backlog: the next SYN is answered."""
        self.sock.listen(BACKLOG)
        accepted, _ = self.sock.accept()
        accepted.close()


class Listener:
    """Accepts connections on one port and hands secured streams to ``serve``."""

    def __init__(
        self,
        name: str,
        hooks: ListenerHooks,
        serve: Callable[[Stream], Awaitable[None]],
        ledger: Ledger,
    ) -> None:
        self.name = name
        self._hooks = hooks
        self._serve = serve
        self._ledger = ledger
        self._doors: list[_Door] = []
        self._context: ssl.SSLContext | None = None
        self.failure: Exception | None = None

    def open(self, address: tuple[str, int], authority: Authority) -> int:
        """Bind, and listen in the way the hooks ask for; returns the port.

        Raises ``OSError`` if an address cannot be had.
        """
        self._doors.append(_Door(address, self._hooks.opening))
        port = self._doors[0].port
        for host, opening in self._hooks.others.items():
            self._doors.append(_Door((host, port), opening))
        self._context = authority.context(self._hooks.chain(authority))
        for adjust in self._hooks.contexts:
            adjust(self._context)
        return port

    async def run(self) -> None:
        """Accept until cancelled; ends with every connection closed."""
        async with asyncio.TaskGroup() as connections:
            for door in self._doors:
                if door.opening in (Opening.LISTEN, Opening.LATE):
                    connections.create_task(self._accept(door, connections))

    async def _accept(self, door: _Door, connections: asyncio.TaskGroup) -> None:
        if door.opening is Opening.LATE:
            await self._be_late(door)
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, _ = await loop.sock_accept(door.sock)
            except OSError:  # the peer left, or descriptors are short: go on
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self._ledger.connected(self.name)
            connections.create_task(self._connection(Stream(sock, self.name)))

    async def _be_late(self, door: _Door) -> None:
        # A client that has asked for our address sends its SYN next, which is lost; a
        # kernel sends the second one after one second (RFC 6298, 2.1).
        while not self._ledger.count("questions"):  # noqa: ASYNC110  # another's event
            await asyncio.sleep(RETRY_SECONDS / 5)
        await asyncio.sleep(LATE_SECONDS)
        door.make_room()

    def close(self) -> None:
        """Give the port back."""
        for door in self._doors:
            door.close()

    async def _connection(self, stream: Stream) -> None:
        # What a peer does to its own connection is not the exchange's failure. The rest
        # is a defect of a hook or of ours: it is kept, and Exchange.stop raises it.
        try:
            with contextlib.suppress(OSError, ValueError):
                await self._converse(stream)
        except Exception as failure:  # noqa: BLE001 - see above
            self.failure = self.failure or failure
        finally:
            stream.abandon()

    async def _converse(self, stream: Stream) -> None:
        for accepted in self._hooks.accepted:
            if await accepted(stream):
                return
        hello = await stream.receive_raw()
        if not hello or self._context is None:
            return
        for answer in self._hooks.hellos:
            if await answer(stream, hello):
                return
        await stream.secure(self._context, hello)
        for secured in self._hooks.secured:
            if await secured(stream):
                return
        await self._serve(stream)
