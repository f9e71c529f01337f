"""The peer's side of a TLS 1.2 handshake, message by message.

Up to TLS 1.2 the messages go in the clear (RFC 5246 §7.4), so it can be seen whether a
server that refuses with ``handshake_failure`` had asked for a certificate before: the
alert alone stands for that and for a cipher that nobody shares.
"""

import asyncio
import ssl

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.wire import TcpWire, TlsWire

#: The peer has just refused, so it answers; patience is for a machine that is busy.
_PATIENCE_SECONDS = 2.5
_HANDSHAKE_RECORD = 0x16
_CERTIFICATE_REQUEST = 13
#: A whole handshake has ten of them; HelloRequests (type 0) may come without end.
_MOST_MESSAGES = 100


class _Recorder(TcpWire):
    """A connection that keeps what came in."""

    record = b""

    async def receive(self) -> bytes:
        """Bytes as they come, and a copy of them."""
        data = await super().receive()
        self.record += data
        return data


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``messages``, ``asks_for_certificate`` and ``outcome``.

    ``messages`` are types of RFC 5246 §7.4, ``outcome`` is ``shakes hands`` or a kind.
    """
    if line.reached is None:
        raise NothingToDo("no address was reached")
    context = line.unverifying()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    outcome, record = "shakes hands", b""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            tcp = await _Recorder.connect(line.reached)
            assert isinstance(tcp, _Recorder)  # connect makes one of its own class
            try:
                await TlsWire(tcp, context, line.target.host).handshake()
            finally:
                record = tcp.record
                tcp.close()
    except (OSError, EOFError) as error:
        outcome = failure_of(error, "handshake").kind
    messages = messages_of(record)
    asks = _CERTIFICATE_REQUEST in messages
    return {"messages": messages, "asks_for_certificate": asks, "outcome": outcome}


def messages_of(record: bytes) -> list[int]:
    """The types of the handshake messages that came in the clear, in their order."""
    handshake = bytearray()
    place = 0
    while len(record) >= place + 5 and record[place] in (_HANDSHAKE_RECORD, 0x15):
        body = place + 5
        end = body + int.from_bytes(record[place + 3 : body], "big")
        if record[place] == _HANDSHAKE_RECORD:
            handshake += record[body:end]
        place = end
    types: list[int] = []
    place = 0
    while len(handshake) >= place + 4 and len(types) < _MOST_MESSAGES:
        types.append(handshake[place])
        place += 4 + int.from_bytes(handshake[place + 1 : place + 4], "big")
    return types
