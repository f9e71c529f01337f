"""A plugin for one test: writes down every address that the process speaks to."""

import json
import os
import sys
from ipaddress import ip_address
from typing import Any

_EVENTS = {"socket.connect", "socket.sendto", "socket.getaddrinfo"}
_ledger = os.environ.get("SOCKET_LEDGER")


def _is_loopback(host: Any) -> bool:
    if host == "localhost" or host is None:
        return True
    try:
        return ip_address(str(host).split("%", 1)[0]).is_loopback
    except ValueError:
        return False


def _host(event: str, arguments: tuple[Any, ...]) -> Any:
    if event == "socket.getaddrinfo":
        return arguments[0]
    address = arguments[1]
    # A path is a Unix socket, which leads nowhere else.
    return address[0] if isinstance(address, tuple) else None


def _write_down(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS or _ledger is None:
        return
    host = _host(event, arguments)
    entry = {"event": event, "host": str(host), "loopback": _is_loopback(host)}
    with open(_ledger, "a", encoding="utf-8") as file:  # noqa: PTH123  # no import now
        file.write(json.dumps(entry) + "\n")


if _ledger is not None:
    sys.addaudithook(_write_down)
