"""TLS: records of a real handshake, damaged on their way."""

import asyncio
import contextlib
import ssl
import zlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes.observations.handshake_flight import messages_of
from tests.fuzz import climbing
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import ENDS, HostileWire, outcome_of
from tests.fuzz.climbing import TARGET as PEER
from tests.fuzz.mutation import chance, mutated

_FOLDER = TemporaryDirectory(prefix="kalshi-preflight-fuzz-")
_WORDS = (
    b"\x16\x03\x03\x00\x00",
    b"\x16\x03\x01\xff\xff",
    b"\x15\x03\x03\x00\x02\x02\x28",
    b"\x15\x03\x03\x00\x02\x01\x00",
    b"\x14\x03\x03\x00\x01\x01",
    b"\x17\x03\x03\x00\x20" + bytes(32),
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"SSH-2.0-x\r\n",
    b"\x00\x00\x00\x00",
    b"\x0d\x00\x00\x02\x00\x00",
)


@cache
def _authority() -> tuple[Path, dict[ssl.TLSVersion, ssl.SSLContext]]:
    """The file of a fresh authority, and a server's context for each version."""
    authority = trustme.CA()
    file = Path(_FOLDER.name) / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    contexts = {}
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(PEER.host).configure_cert(context)
        context.maximum_version = context.minimum_version = version
        contexts[version] = context
    return file, contexts


class _Server(HostileWire):
    """A real server over memory, one of whose flights is damaged by a recipe."""

    def __init__(self, recipe: bytes) -> None:
        super().__init__((), ENDS[zlib.crc32(recipe) % 3])
        self._chance = chance(recipe)
        version = self._chance.choice(list(_authority()[1]))
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = _authority()[1][version]
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self._damaged_flight = self._chance.choice((0, 0, 0, 1))
        self._flights = 0
        self.record = b""

    async def send(self, data: bytes) -> None:
        """The client's flight: the server answers with its own, or with an alert."""
        self._in.write(data)
        with contextlib.suppress(ssl.SSLError):  # it waits for more, or has said no
            self._tls.do_handshake()
        if flight := self._out.read():
            if self._flights == self._damaged_flight:
                flight = mutated([flight], self._chance, _WORDS)
            self._flights += 1
            self.record += flight
            self._parts = iter([*self._parts, flight])


def attempt(recipe: bytes) -> str:
    """The cause found when a handshake is damaged as ``recipe`` says."""
    server = _Server(recipe)
    outcome = asyncio.run(_attempt(server))
    messages_of(server.record)
    return outcome


async def _attempt(server: _Server) -> str:
    line = climbing.line(EndpointKind.REST, ca_file=_authority()[0])
    line.tcp = server
    journey = await climbing.traveller(line, Layer.TLS).travel()
    return outcome_of(journey.steps[0])


def recipes() -> list[bytes]:
    """What damage is drawn from; the handshake itself is fresh each time."""
    return [b"%d" % number for number in range(64)]


TARGET = Target(
    name="tls",
    modules=(
        "probes.tls",
        "probes.chain",
        "probes.wire",
        "probes.observations.handshake_flight",
        "causes.rules.tls",
        "causes.rules.tls_trust",
    ),
    attempt=attempt,
    short=500,
    whole=8_000,
    healthy=recipes,
)
