"""Questions to a resolver: dnspython's packets over sockets of our own.

The UDP socket is connected, so that "port unreachable" reaches us at once instead of
looking like silence; a truncated answer is asked again over TCP (RFC 1035 §4.2,
RFC 7766). EDNS comes first: without it no resolver says why it refuses (RFC 8914); a
resolver that does not know it is asked again without (RFC 6891 §6.2.2), as programs do.
"""

import asyncio
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes.wire import TcpWire

if TYPE_CHECKING:
    import dns.message

#: When an unanswered UDP question is asked again, in seconds after the first time.
_RESEND_SECONDS = (1.0, 2.0)
#: How long the other address family is waited for once one has given addresses.
_OTHER_FAMILY_SECONDS = 1.2
#: How long TCP may take to bring what did not fit into a UDP answer.
_TCP_SECONDS = 2.0
#: So many packets that belong to other questions are an attack or a defect.
_STRAYS_LIMIT = 200
#: Some hundred addresses with their signatures; the largest packet takes seconds to
#: read, in which nobody looks at a deadline.
_ANSWER_LIMIT_BYTES = 16 * 1024


class NoResolver(Exception):
    """The system names no resolver to ask."""


class Truncated(Exception):
    """The answer does not fit into UDP, and the resolver does not give it over TCP."""


class Oversized(Exception):
    """An answer that would take longer to read than a step may take."""


class NotOurs(Exception):
    """What comes back belongs to another question: wrong id, name, type or owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a resolver said: rcode by name, addresses of both families, EDE.

    ``alias`` is the name at the end of a CNAME chain, ``unanswered`` the record types
    that were asked for and passed over in silence while the other one was answered.
    """

    server: HostPort
    rcode: str
    addresses: tuple[str, ...] = ()
    ede: tuple[str, ...] = ()
    ede_codes: tuple[int, ...] = field(default=())
    alias: str | None = None
    unanswered: tuple[str, ...] = ()


def system_resolvers() -> tuple[HostPort, ...]:
    """The resolvers that the system is set to use; raises :class:`NoResolver`."""
    import dns.resolver

    try:
        found = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        raise NoResolver("the system names no resolver") from None
    servers = [s for s in found.nameservers if isinstance(s, str)]
    return tuple(HostPort(server, found.port) for server in servers)


async def ask(
    server: HostPort, name: str, *, checking_disabled: bool = False
) -> Answer:
    """Ask ``server`` for A and AAAA at once; waits for ever, the caller has a deadline.

    Raises :class:`OSError` where the server cannot be reached, :class:`Truncated`,
    :class:`NotOurs`, and ``dns.exception.DNSException`` where what it says is not DNS.
    """
    tasks = {
        kind: asyncio.create_task(_question(server, name, kind, checking_disabled))
        for kind in ("A", "AAAA")
    }
    try:
        await _both_or_one(tasks.values())
        return _merge(server, tasks)
    finally:
        for task in tasks.values():
            task.cancel()


async def _both_or_one(tasks: Iterable["asyncio.Task[dns.message.Message]"]) -> None:
    """Wait for both answers; for the second one not long if the first has addresses."""
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    if waiting:
        useful = any(map(_is_useful, done))
        await asyncio.wait(waiting, timeout=_OTHER_FAMILY_SECONDS if useful else None)


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
    import dns.rcode

    query = dns.message.make_query(name, kind, use_edns=0)
    if checking_disabled:
        query.flags |= dns.flags.CD
    answer = await _exchange(server, query)
    if answer.rcode() in (dns.rcode.FORMERR, dns.rcode.NOTIMP):
        query.use_edns(False)
        answer = await _exchange(server, query)
    return answer


async def _exchange(
    server: HostPort, query: "dns.message.Message"
) -> "dns.message.Message":
    import dns.flags

    answer = await _over_udp(server, query)
    if not answer.flags & dns.flags.TC:
        return answer
    try:
        async with asyncio.timeout(_TCP_SECONDS):
            return await over_tcp(server, query)
    except OSError as error:  # TimeoutError is one
        why = str(error) or f"no answer within {_TCP_SECONDS:g} s"
        raise Truncated(f"truncated over UDP, and over TCP: {why}") from None


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
        strays: list[str] = []
        for pause in _RESEND_SECONDS:
            try:
                async with asyncio.timeout(pause):
                    return await _matching(sock, query, strays)
            except TimeoutError:
                if strays:
                    raise NotOurs(strays[-1]) from None
                await loop.sock_sendall(sock, packet)
        return await _matching(sock, query, strays)


async def _matching(
    sock: socket.socket, query: "dns.message.Message", strays: list[str]
) -> "dns.message.Message":
    """The answer to *this* question: strays and forgeries are noted and passed over."""
    import dns.message

    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)  # a flood leaves the loop no other pause
        packet = await loop.sock_recv(sock, 65535)
        answer = dns.message.from_wire(_small(packet), ignore_trailing=True)
        if query.is_response(answer):
            return answer
        strays.append(_stray(query, answer))
        if len(strays) >= _STRAYS_LIMIT:
            raise NotOurs(f"{len(strays)} answers, and none to our question")


async def over_tcp(
    server: HostPort, query: "dns.message.Message"
) -> "dns.message.Message":
    """Ask over TCP; raises as :func:`ask` does, and what TCP itself raises."""
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
        answer = dns.message.from_wire(_small(data[2:]))
        if not query.is_response(answer):
            raise NotOurs(_stray(query, answer))
        return answer
    finally:
        wire.close()


def _small(packet: bytes) -> bytes:
    """The packet, if it is of a size that addresses of one name have."""
    if len(packet) > _ANSWER_LIMIT_BYTES:
        raise Oversized(f"an answer of {len(packet)} bytes")
    return packet


def _stray(query: "dns.message.Message", answer: "dns.message.Message") -> str:
    what = "id" if answer.id != query.id else "question"
    return f"an answer with another {what} than ours"


def _merge(
    server: HostPort, tasks: Mapping[str, "asyncio.Task[dns.message.Message]"]
) -> Answer:
    """Both answers as one; raises what A failed with if neither is of use."""
    import dns.rcode

    useful = [task.result() for task in tasks.values() if _is_useful(task)]
    # A broken AAAA beside a good A troubles nobody, so the better rcode counts.
    said = useful or [task.result() for task in tasks.values()]
    rcode = min((m.rcode() for m in said), key=lambda code: code != 0)
    options = [o for m in said for o in m.options if o.otype == 15]
    aliases = [alias for m in said if (alias := _alias(m))]
    return Answer(
        server=server,
        rcode=dns.rcode.to_text(rcode),
        addresses=tuple(address for m in said for address in _addresses(m)),
        ede=tuple(dict.fromkeys(o.to_text() for o in options)),
        ede_codes=tuple(dict.fromkeys(int(o.code) for o in options)),
        alias=aliases[0] if aliases else None,
        unanswered=tuple(kind for kind, task in tasks.items() if not task.done()),
    )


def _is_useful(task: "asyncio.Task[dns.message.Message]") -> bool:
    """Whether the answer is there and has addresses."""
    import dns.exception

    try:
        return task.done() and bool(_addresses(task.result()))
    except (OSError, dns.exception.DNSException, NotOurs, Oversized, Truncated):
        return False


def _addresses(message: "dns.message.Message") -> tuple[str, ...]:
    """The addresses at the end of the name's own CNAME chain.

    Raises ``dns.message.ChainTooLong`` for a loop, and :class:`NotOurs` where all the
    records belong to other names.
    """
    if message.rcode() != 0:
        return ()
    chain = message.resolve_chaining()  # type: ignore[attr-defined]
    if chain.answer is None:
        if message.answer and not chain.cnames:
            raise NotOurs(f"records of {message.answer[0].name} for another name")
        return ()
    return tuple(str(ip_address(record.address)) for record in chain.answer)


def _alias(message: "dns.message.Message") -> str | None:
    """The last name of the CNAME chain, if there is one."""
    if not message.answer:
        return None
    chain = message.resolve_chaining()  # type: ignore[attr-defined]
    return str(chain.canonical_name.to_text(True)) if chain.cnames else None
