"""A machine whose resolver never answers: loaded as a plugin (``-p``) into a run."""

import socket
import threading
from typing import NoReturn


def _never(*_: object, **__: object) -> NoReturn:
    """Stay in the C library for ever, as ``getaddrinfo`` does behind a dead server."""
    while True:
        threading.Event().wait()


socket.getaddrinfo = _never
