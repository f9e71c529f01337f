"""The same handshake in small segments: are large packets lost on the way?

A path that drops what does not fit through it, without a word (RFC 2923 §2.1), lets the
small ClientHello pass and loses the large certificate. A small MSS makes the peer send
nothing large. Windows and some others do not let a program choose it.
"""

import asyncio

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.wire import TcpWire, TlsWire

#: What every path of the internet carries (RFC 9293 §3.7.1: 576 less headers).
SEGMENT_BYTES = 536
_PATIENCE_SECONDS = 1.5


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``segment_bytes`` and ``outcome``: ``shakes hands`` or a kind."""
    if line.reached is None:
        raise NothingToDo("no address was reached")
    outcome = "shakes hands"
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            tcp = await TcpWire.connect(line.reached, segment_bytes=SEGMENT_BYTES)
            try:
                wire = TlsWire(tcp, line.unverifying(), line.target.host)
                await wire.handshake()
            finally:
                tcp.close()
    except (OSError, EOFError) as error:
        outcome = failure_of(error, "handshake").kind
    return {"segment_bytes": SEGMENT_BYTES, "outcome": outcome}
