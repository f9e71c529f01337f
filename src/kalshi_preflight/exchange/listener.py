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
        self._sock: socket.socket | None = None
        self._filler: socket.socket | None = None
        self._context: ssl.SSLContext | None = None
        self.failure: Exception | None = None

    def open(self, address: tuple[str, int], authority: Authority) -> int:
        """Bind, and listen in the way the hooks ask for; returns the port.

        Raises ``OSError`` if the address cannot be had.
        """
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        sock = self._sock = socket.socket(family, socket.SOCK_STREAM)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets others steal a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        sock.setblocking(False)
        sock.bind(address)
        self._context = authority.context(self._hooks.chain(authority))
        for adjust in self._hooks.contexts:
            adjust(self._context)
        self._listen()
        return int(sock.getsockname()[1])

    async def run(self) -> None:
        """Accept until cancelled; ends with every connection closed."""
        if self._hooks.opening is not Opening.LISTEN or self._sock is None:
            return
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as connections:
            while True:
                try:
                    sock, _ = await loop.sock_accept(self._sock)
                except OSError:  # the peer left, or descriptors are short: go on
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                self._ledger.connected(self.name)
                connections.create_task(self._connection(Stream(sock, self.name)))

    def close(self) -> None:
        """Give the port back."""
        for sock in (self._filler, self._sock):
            if sock is not None:
                sock.close()

    def _listen(self) -> None:
        if self._sock is None or self._hooks.opening is Opening.REFUSE:
            return  # bound and not listening: the kernel answers SYN with RST
        black_hole = self._hooks.opening is Opening.BLACK_HOLE
        self._sock.listen(0 if black_hole else BACKLOG)
        if black_hole:
            # One connection nobody accepts fills a backlog of 0; from then on the
            # kernel drops every SYN.
            self._filler = socket.socket(self._sock.family, socket.SOCK_STREAM)
            self._filler.connect(self._sock.getsockname())

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
