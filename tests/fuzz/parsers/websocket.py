"""WebSocket: the answer to the upgrade, and frames after it."""

import base64
import hashlib
import re

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import ENDS, HostileWire, climb, outcome_of

_KEY = re.compile(rb"Sec-WebSocket-Key: ([^\r]+)\r\n")
#: RFC 6455 §1.3.
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#: In a seed, the place of the accept value that belongs to the client's key.
ACCEPT = b"{accept}"


class Upgrading(HostileWire):
    """Fills in the accept value, which depends on what the client has sent."""

    async def receive(self) -> bytes:
        """As before; of a first frame nothing is known before the key is."""
        data = await super().receive()
        if ACCEPT in data and (key := _KEY.search(b"".join(self.sent))):
            digest = hashlib.sha1(key[1] + _GUID, usedforsecurity=False).digest()
            return data.replace(ACCEPT, base64.b64encode(digest))
        return data


def attempt(data: bytes) -> str:
    """The cause found when ``data`` answers upgrade, subscription and ping."""
    wire = Upgrading([data], ENDS[len(data) % 3])
    return outcome_of(climb(EndpointKind.WEBSOCKET, Layer.WEBSOCKET, wire))


TARGET = Target(
    name="websocket",
    modules=("probes.websocket", "causes.rules.websocket"),
    attempt=attempt,
    short=1_000,
    whole=25_000,
    words=(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 999999999\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        b"\x01\x00\x00\x00",
        b"\x00\x00" * 200,
        b"\x89\x00" * 200,
        b"\x88\x02\x03\xe8",
        b"\x88\x7d\x00\x00\xff",
        b"\x8a\x10kalshi-preflight",
        b"\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff",
        b"\x81\x0f" + b'{"type":"error"',
        b"\x81\x14" + b'{"type":"error","m":',
        b"\x81\x17" + b'{"type":"error","msg":1',
        b"\x81\x02[]",
        b"\xff" * 20,
    ),
)
