"""Questions to a resolver: dnspython's packets over sockets of our own.

The UDP socket is connected, so that "port unreachable" reaches us at once instead of
looking like silence; a truncated answer is asked again over TCP (RFC 1035 §4.2,
RFC 7766). EDNS is always on: without it no resolver says why it refuses (RFC 8914).
"""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes.wire import TcpWire

if TYPE_CHECKING:
    import dns.message

#: When an unanswered UDP question is asked again, in seconds after the first time.
_RESEND_SECONDS = (1.0, 2.0)


class NoResolver(Exception):
    """The system names no resolver to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a resolver said: rcode by name, addresses of both families, EDE."""

    server: HostPort
    rcode: str
    addresses: tuple[str, ...] = ()
    ede: tuple[str, ...] = ()
    ede_codes: tuple[int, ...] = field(default=())


def system_resolvers() -> tuple[HostPort, ...]:
    """The resolvers that the system is set to use; raises :class:`NoResolver`."""
    import dns.resolver

    try:
        found = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration as error:
        raise NoResolver("the system names no resolver") from error
    servers = [s for s in found.nameservers if isinstance(s, str)]
    return tuple(HostPort(server, found.port) for server in servers)


async def ask(
    server: HostPort, name: str, *, checking_disabled: bool = False
) -> Answer:
    """Ask ``server`` for A and AAAA at once; waits for ever, the caller has a deadline.

    Raises :class:`OSError` where the server cannot be reached and
    ``dns.exception.DNSException`` where what it says is not DNS.
    """
    four, six = await asyncio.gather(
        _question(server, name, "A", checking_disabled),
        _question(server, name, "AAAA", checking_disabled),
    )
    return _merge(server, four, six)


async def ask_any(servers: Sequence[HostPort], name: str) -> Answer:
    """Ask the servers one second apart and take the first answer.

    Raises what the last server failed with if none of them answers.
    """
    if not servers:
        raise NoResolver("the system names no resolver")
    waiting = {asyncio.create_task(ask(servers[0], name))}
    rest = list(servers[1:3])
    try:
        while True:
            done, waiting = await asyncio.wait(
                waiting,
                timeout=1.0 if rest else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                if task.exception() is None or not (waiting or rest):
                    return task.result()
            if rest:
                waiting.add(asyncio.create_task(ask(rest.pop(0), name)))
    finally:
        for task in waiting:
            task.cancel()


async def _question(
    server: HostPort, name: str, kind: str, checking_disabled: bool
) -> "dns.message.Message":
    import dns.flags
    import dns.message

    query = dns.message.make_query(name, kind, use_edns=0)
    if checking_disabled:
        query.flags |= dns.flags.CD
    answer = await _over_udp(server, query)
    if answer.flags & dns.flags.TC:
        answer = await _over_tcp(server, query)
    return answer


async def _over_udp(
    server: HostPort, query: "dns.message.Message"
) -> "dns.message.Message":
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect((server.host, server.port))
        packet = query.to_wire()
        await loop.sock_sendall(sock, packet)
        for pause in _RESEND_SECONDS:
            try:
                async with asyncio.timeout(pause):
                    return await _matching(sock, query)
            except TimeoutError:
                await loop.sock_sendall(sock, packet)
        return await _matching(sock, query)


async def _matching(
    sock: socket.socket, query: "dns.message.Message"
) -> "dns.message.Message":
    """The answer to *this* question: strays and forgeries are passed over."""
    import dns.message

    loop = asyncio.get_running_loop()
    while True:
        packet = await loop.sock_recv(sock, 65535)
        answer = dns.message.from_wire(packet, ignore_trailing=True)
        if query.is_response(answer):
            return answer


async def _over_tcp(
    server: HostPort, query: "dns.message.Message"
) -> "dns.message.Message":
    import dns.message

    wire = await TcpWire.connect(server)
    try:
        packet = query.to_wire()
        await wire.send(len(packet).to_bytes(2) + packet)
        data = b""
        while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2]):
            if not (more := await wire.receive()):
                raise ConnectionResetError("the resolver closed its TCP connection")
            data += more
        return dns.message.from_wire(data[2:])
    finally:
        wire.close()


def _merge(
    server: HostPort, four: "dns.message.Message", six: "dns.message.Message"
) -> Answer:
    import dns.rcode

    # A broken AAAA beside a good A troubles nobody, so the better rcode counts.
    rcode = min(four.rcode(), six.rcode(), key=lambda code: code != 0)
    if rcode != 0:
        rcode = four.rcode()
    options = [o for m in (four, six) for o in m.options if o.otype == 15]
    return Answer(
        server=server,
        rcode=dns.rcode.to_text(rcode),
        addresses=(*_addresses(four), *_addresses(six)),
        ede=tuple(dict.fromkeys(o.to_text() for o in options)),
        ede_codes=tuple(dict.fromkeys(int(o.code) for o in options)),
    )


def _addresses(message: "dns.message.Message") -> tuple[str, ...]:
    return tuple(
        str(ip_address(record.address))
        for rrset in message.answer
        for record in rrset
        if hasattr(record, "address")
    )
