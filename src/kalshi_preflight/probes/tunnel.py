"""A tunnel through a proxy: CONNECT (RFC 9110 §9.3.6), and bytes after it.

h11 writes the request and reads the answer. What a proxy says when it refuses is kept:
httpx drops the body, where the reason stands.
"""

from typing import Any

import h11

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes.route import Route
from kalshi_preflight.probes.trust import client_context
from kalshi_preflight.probes.wire import Carrier, PeerClosed, TcpWire, TlsWire, Wire

#: Headers of a proxy's answer that tell who refuses and why.
_TELLING = ("proxy-authenticate", "server", "via", "x-squid-error", "content-type")
_BODY_LIMIT_BYTES = 65536
_SHOWN_CHARACTERS = 2000

Notes = dict[str, Any]


class TunnelRefused(Exception):
    """The proxy answered CONNECT with something else than 2xx."""


class Tunnel:
    """The bytes beyond the proxy, counted from the first one of the peer there."""

    def __init__(self, wire: Wire, peer: HostPort, received: bytes) -> None:
        self._wire = wire
        self._waiting = received
        self.peer = peer
        self.received_bytes = 0
        self.first_bytes = b""

    async def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        await self._wire.send(data)

    async def receive(self) -> bytes:
        """Bytes as they come; empty at the end."""
        data, self._waiting = self._waiting, b""
        data = data or await self._wire.receive()
        self.received_bytes += len(data)
        self.first_bytes = self.first_bytes or data[:64]
        return data

    def close(self) -> None:
        """Close the connection to the proxy, and the tunnel with it."""
        self._wire.close()


async def open_tunnel(tcp: TcpWire, route: Route, notes: Notes) -> Carrier:
    """Ask the proxy at the other end of ``tcp`` for the route's destination.

    Without a proxy on the route the connection is as it is. Notes ``status``,
    ``reason``, ``headers`` and ``body`` of the answer. Raises :class:`TunnelRefused`,
    ``h11.RemoteProtocolError``, :class:`PeerClosed`, :class:`OSError` and, where the
    proxy itself is to be spoken to over TLS, :class:`ssl.SSLError`.
    """
    if route.proxy is None:
        return tcp
    wire: Wire = tcp
    if route.proxy.secure:
        wire = TlsWire(tcp, client_context(), route.proxy.address.host)
        await wire.handshake()
    received = await _connect(wire, route, notes)
    return Tunnel(wire, tcp.peer, received)


async def _connect(wire: Wire, route: Route, notes: Notes) -> bytes:
    """Send CONNECT, read the answer; returns what came after it."""
    connection = h11.Connection(h11.CLIENT)
    await wire.send(connection.send(_request(route)) or b"")
    body = b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            data = await wire.receive()
            if not data and "status" not in notes:
                raise PeerClosed("the proxy closed the connection without an answer")
            connection.receive_data(data)
        elif isinstance(event, h11.Response):
            _note(event, notes)
            if 200 <= event.status_code < 300:
                return connection.trailing_data[0]
        elif isinstance(event, h11.Data) and len(body) < _BODY_LIMIT_BYTES:
            body += event.data
            notes["body"] = body[:_SHOWN_CHARACTERS].decode("utf-8", "replace")
        elif not isinstance(event, h11.InformationalResponse):
            raise TunnelRefused(f"the proxy answered {notes['status']}")


def _request(route: Route) -> h11.Request:
    assert route.proxy is not None  # the caller has looked
    target = str(route.destination)
    headers = [("Host", target), ("User-Agent", "kalshi-preflight")]
    if route.proxy.authorization is not None:
        headers.append(("Proxy-Authorization", route.proxy.authorization.reveal()))
    return h11.Request(method="CONNECT", target=target, headers=headers)


def _note(answer: h11.Response, notes: Notes) -> None:
    notes["status"] = answer.status_code
    notes["reason"] = answer.reason.decode("latin-1")[:100]
    found = {n.decode("latin-1"): v.decode("latin-1") for n, v in answer.headers}
    notes["headers"] = {n: found[n][:300] for n in _TELLING if n in found}
