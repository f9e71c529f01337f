"""A small authoritative DNS server, on UDP and TCP with one port number."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Mapping

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from kalshi_preflight.exchange.hooks import DnsHooks
from kalshi_preflight.exchange.ledger import Ledger, Question

TTL_SECONDS = 5
UDP_BYTES = 4096
RETRY_SECONDS = 0.05
PORT_ATTEMPTS = 50


class NameServer:
    """Answers A for the names it has; NXDOMAIN for every other name."""

    def __init__(
        self, name: str, addresses: Mapping[str, str], hooks: DnsHooks, ledger: Ledger
    ) -> None:
        self.name = name
        self._addresses = {dns.name.from_text(k): v for k, v in addresses.items()}
        self._hooks = hooks
        self._ledger = ledger
        self._udp: socket.socket | None = None
        self._tcp: socket.socket | None = None

    def open(self, host: str) -> int:
        """Bind both transports to one free port, and return it."""
        for _ in range(PORT_ATTEMPTS):
            with contextlib.suppress(OSError):
                return self._bind(host)
        return self._bind(host)

    def close(self) -> None:
        """Give the port back."""
        for sock in (self._udp, self._tcp):
            if sock is not None:
                sock.close()

    async def run(self) -> None:
        """Answer until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._serve_udp())
            tasks.create_task(self._serve_tcp())

    def _bind(self, host: str) -> int:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp = socket.socket(family, socket.SOCK_STREAM)
        try:
            udp.bind((host, 0))
            port = int(udp.getsockname()[1])
            tcp.bind((host, port))  # may be taken, though UDP's was free
            if not (self._hooks.closed or self._hooks.tcp_closed):
                tcp.listen(32)  # a port bound and not listening is refused
        except OSError:
            udp.close()
            tcp.close()
            raise
        if self._hooks.closed:
            # Connected to itself, the socket keeps its port and takes nobody's packets:
            # the kernel answers them with ICMP "port unreachable".
            udp.connect((host, port))
        for sock in (udp, tcp):
            sock.setblocking(False)
        self._udp, self._tcp = udp, tcp
        return port

    async def _serve_udp(self) -> None:
        if self._udp is None:
            return
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as answers:
            while True:
                # Windows reports an earlier reply's ICMP error on the next receive.
                with contextlib.suppress(ConnectionError):
                    wire, peer = await loop.sock_recvfrom(self._udp, UDP_BYTES)
                    answers.create_task(self._answer_udp(self._udp, wire, peer))

    async def _answer_udp(
        self, sock: socket.socket, wire: bytes, peer: tuple[str, int]
    ) -> None:
        reply = await self._reply("udp", wire)
        if reply is not None:
            with contextlib.suppress(OSError):
                await asyncio.get_running_loop().sock_sendto(sock, reply, peer)

    async def _serve_tcp(self) -> None:
        if self._tcp is None:
            return
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as connections:
            while True:
                try:
                    sock, _ = await loop.sock_accept(self._tcp)
                except OSError:  # the peer left, or descriptors are short: go on
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                connections.create_task(self._answer_tcp(sock))

    async def _answer_tcp(self, sock: socket.socket) -> None:
        # Two bytes of length precede every message (RFC 1035, 4.2.2).
        loop = asyncio.get_running_loop()
        sock.setblocking(False)
        buffer = b""
        with sock, contextlib.suppress(OSError):
            while data := await loop.sock_recv(sock, UDP_BYTES):
                buffer += data
                while len(buffer) >= 2:
                    (length,) = struct.unpack("!H", buffer[:2])
                    if len(buffer) < length + 2:
                        break
                    wire, buffer = buffer[2 : length + 2], buffer[length + 2 :]
                    reply = await self._reply("tcp", wire)
                    if reply is not None:
                        prefixed = struct.pack("!H", len(reply)) + reply
                        await loop.sock_sendall(sock, prefixed)

    async def _reply(self, transport: str, wire: bytes) -> bytes | None:
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if not query.question:
            return None
        asked = query.question[0]
        record_type = dns.rdatatype.to_text(asked.rdtype)
        question = Question(
            self.name,
            transport,
            asked.name.to_text(True),
            record_type,
            checking_disabled=bool(query.flags & dns.flags.CD),
            extended=query.edns >= 0,
        )
        self._ledger.asked(question)
        reply: dns.message.Message | bytes | None = self._answer(query)
        for answer in self._hooks.answers:
            if not isinstance(reply, dns.message.Message):
                break
            reply = await answer(question, reply)
        return reply.to_wire() if isinstance(reply, dns.message.Message) else reply

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA
        asked = query.question[0]
        address = self._addresses.get(asked.name)
        if address is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return reply
        record_type = "AAAA" if ":" in address else "A"
        if asked.rdtype == dns.rdatatype.from_text(record_type):
            reply.answer.append(
                dns.rrset.from_text(asked.name, TTL_SECONDS, "IN", record_type, address)
            )
        return reply
