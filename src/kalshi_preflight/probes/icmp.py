"""The ICMP message behind a failed connect: which router said what.

Several refusals share one errno (a prohibition and a dead host are both EHOSTUNREACH),
and Linux keeps the message itself on the socket's error queue (ip(7), IP_RECVERR).
Elsewhere nothing is known, and nothing is said.
"""

import contextlib
import socket
import struct
import sys
from ipaddress import ip_address
from typing import Any

_RECVERR = {socket.AF_INET: (0, 11), socket.AF_INET6: (41, 25)}  # (level, option)
_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err
_ORIGINS = {2: "ICMP", 3: "ICMPv6"}  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6


def listen(sock: socket.socket) -> bool:
    """Have ICMP messages about this socket kept; whether the system does that."""
    if sys.platform != "linux":
        return False
    try:
        sock.setsockopt(*_RECVERR[sock.family], 1)
    except OSError:  # a sandboxed kernel that does not know the option
        return False
    return True


def ignore(sock: socket.socket) -> None:
    """Have them dropped again: for an open connection they would be fatal."""
    with contextlib.suppress(OSError):
        sock.setsockopt(*_RECVERR[sock.family], 0)


def told(sock: socket.socket) -> dict[str, Any]:
    """A kept message's ``protocol``, ``type``, ``code`` and ``sender``, or nothing.

    ``local`` (a fact as well) says whether the sender is this machine's own end.
    """
    if sys.platform != "linux":
        return {}
    try:
        _, ancillary, _, _ = sock.recvmsg(256, 256, socket.MSG_ERRQUEUE)
        own = str(sock.getsockname()[0])
    except OSError:
        return {}
    for level, kind, data in ancillary:
        if (level, kind) == _RECVERR[sock.family] and len(data) >= _ERROR.size:
            return _message(data, own)
    return {}


def _message(data: bytes, own: str) -> dict[str, Any]:
    _, origin, type_, code, *_ = _ERROR.unpack_from(data)
    if origin not in _ORIGINS:
        return {}
    # A sockaddr follows: family, port, then the address (IPv6: after its flow label).
    rest = data[_ERROR.size :]
    packed = rest[4:8] if origin == 2 else rest[8:24]
    sender = str(ip_address(packed)) if len(packed) in (4, 16) else ""
    return {
        "protocol": _ORIGINS[origin],
        "type": type_,
        "code": code,
        "sender": sender,
        "local": sender == own,
    }
