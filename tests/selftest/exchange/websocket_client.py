"""The asyncio client of websockets, for tests that are not coroutines.

Not its threaded client: that one reads and writes one ``SSLSocket`` from two threads,
which OpenSSL does not allow; it fails now and then ("SSL internal error") or hangs.
"""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.http11 import Response

Result = TypeVar("Result")


class Pong:
    """The awaited answer to a ping."""

    def __init__(self, owner: "WebSocket", arrival: asyncio.Future[Any]) -> None:
        self._owner = owner
        self._arrival = arrival

    def wait(self, seconds: float) -> bool:
        """Wait; False if the pong stays out."""
        return self._owner.within(self._arrived(seconds))

    async def _arrived(self, seconds: float) -> bool:
        done, _ = await asyncio.wait((self._arrival,), timeout=seconds)
        return bool(done)


class WebSocket:
    """One connection; its event loop has a thread of its own."""

    def __init__(self, url: str, **options: Any) -> None:
        self._url = url
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._connection = self.within(self._connect())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.within(self._connection.close())
        finally:
            self._end()

    @property
    def response(self) -> Response | None:
        """The answer to the upgrade."""
        return self._connection.response

    def send(self, text: str) -> None:
        """Send a text message."""
        self.within(self._connection.send(text))

    def recv(self, seconds: float) -> str | bytes:
        """Receive a message; raises ``TimeoutError``, or what closed the connection."""
        message: str | bytes
        message = self.within(asyncio.wait_for(self._connection.recv(), seconds))
        return message

    def ping(self) -> Pong:
        """Send a ping."""
        return Pong(self, self.within(self._ping()))

    def within(self, action: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine in the connection's loop."""
        return asyncio.run_coroutine_threadsafe(action, self._loop).result()

    async def _connect(self) -> ClientConnection:
        connection: ClientConnection = await connect(self._url, **self._options)
        return connection

    async def _ping(self) -> asyncio.Future[Any]:
        arrival: asyncio.Future[Any]
        arrival = asyncio.ensure_future(await self._connection.ping())
        return arrival

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
