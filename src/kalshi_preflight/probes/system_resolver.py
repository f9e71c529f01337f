"""The system's own answer: getaddrinfo, which cannot be cancelled."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any


class NoThread(Exception):
    """The machine has no thread left to look a name up in."""


async def getaddrinfo(host: str) -> tuple[str, ...]:
    """Every address that the system gives for ``host``, in its order.

    Runs in a daemon thread: a lookup that is stuck is left behind and neither the
    deadline nor the end of the process waits for it, as they would for the loop's
    executor. Raises :class:`socket.gaierror`, :class:`NoThread`, or
    :class:`UnicodeError` for a host that is no name at all.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[Any]] = loop.create_future()

    def settle(put: Callable[[Any], None], value: object) -> None:
        if not future.done():
            put(value)

    def look_up() -> None:
        put: Callable[[Any], None]
        value: object
        try:
            put, value = (
                future.set_result,
                socket.getaddrinfo(host, None, type=socket.SOCK_STREAM),
            )
        except (OSError, UnicodeError) as error:
            put, value = future.set_exception, error
        with contextlib.suppress(RuntimeError):  # the loop has closed: nobody waits
            loop.call_soon_threadsafe(settle, put, value)

    thread = threading.Thread(target=look_up, name=f"getaddrinfo {host}", daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        raise NoThread(str(error)) from None
    found = await future
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
