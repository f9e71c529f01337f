"""DNS packets over UDP and TCP, from a resolver of one's own."""

import asyncio
import contextlib
import socket
import threading
import zlib
from functools import cache

from kalshi_preflight.model.environment import EndpointKind, HostPort
from kalshi_preflight.model.layer import Layer
from tests.fuzz import climbing
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import outcome_of

#: What is silent, or never to the point, is cut short: that changes no cause.
_BUDGET_SECONDS = 0.3
_STRAYS_IN = 32


class _Resolver:
    """Answers every question with the hostile packet, over UDP and TCP alike."""

    def __init__(self) -> None:
        self.packet = b""
        while True:
            self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._udp.bind(("127.0.0.1", 0))
            self.address = HostPort(*self._udp.getsockname())
            try:
                self._tcp = socket.create_server(("127.0.0.1", self.address.port))
            except OSError:  # somebody has the same port for TCP
                self._udp.close()
                continue
            break
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def _serve_udp(self) -> None:
        while True:
            question, peer = self._udp.recvfrom(65535)
            with contextlib.suppress(OSError):
                self._udp.sendto(self._fitting(question)[:65000], peer)

    def _serve_tcp(self) -> None:
        """The same, behind its length, which is true every other time."""
        while True:
            connection, _ = self._tcp.accept()
            with connection, contextlib.suppress(OSError):
                answer = self._fitting(connection.recv(65535)[2:])[:65000]
                lie = zlib.crc32(answer) % 2 * 7
                connection.sendall((len(answer) + lie).to_bytes(2, "big") + answer)

    def _fitting(self, question: bytes) -> bytes:
        """The packet, mostly with the id and the question that were asked."""
        packet = self.packet
        if zlib.crc32(packet) % _STRAYS_IN == 0:
            return packet  # a stray
        rest = packet[12 + len(_question(packet)) :]
        asked = _question(question) if packet[4:6] == b"\0\1" else b""
        return question[:2] + packet[2:12] + asked + rest


@cache
def _resolver() -> _Resolver:
    return _Resolver()


def _question(packet: bytes) -> bytes:
    """The first question of a packet that a well-behaved program made."""
    place = 12
    while place < len(packet) and packet[place] and packet[place] < 64:
        place += packet[place] + 1
    return packet[12 : place + 5]


def attempt(packet: bytes) -> str:
    """The cause found when ``packet`` is what the resolver says."""
    return asyncio.run(_attempt(packet))


async def _attempt(packet: bytes) -> str:
    resolver = _resolver()
    resolver.packet = packet
    line = climbing.line(EndpointKind.REST, resolver=resolver.address)
    traveller = climbing.traveller(line, Layer.DNS, _BUDGET_SECONDS)
    journey = await traveller.travel()
    return outcome_of(journey.steps[0])


TARGET = Target(
    name="dns",
    modules=(
        "probes.dns",
        "probes.resolver",
        "causes.rules.dns",
        "probes.observations.second_resolver",
        "probes.observations.canary_name",
        "probes.observations.checking_disabled",
        "probes.observations.control_names",
    ),
    attempt=attempt,
    short=300,
    whole=8_000,
    words=(
        b"\xc0\x0c",
        b"\xc0\x0e",
        b"\xc0\xff",
        b"\xff\xff",
        b"\x3f" + b"a" * 63,
        b"\x00\x05\x00\x01",
        b"\x00\x29\x02\x00\x00\x00\x00\x00\x00\x08\x00\x0f\x00\x04\x00\x12\xff\xfe",
        b"\x00\x0f\xff\xff",
        b"\x00\x08\x00\x04\x00\x63\xff\xff",
        b"\x00\x01\x00\x01\x00\x00\x00\x05\x00\x04\x7f\x00\x00\x01",
        b"\x00\x1c\x00\x01\xff\xff\xff\xff\x00\x10" + b"\xff" * 16,
        b"\x83\x80",
        b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x05\x00\x02\xc0\x0c",
    ),
)
