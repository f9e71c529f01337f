"""A request without TLS on the same port: does a plain server wait for a line there?

It is a bare ``GET /`` without credentials. A server that speaks TLS answers it with an
alert, with an error page, or not at all, so an answer alone proves nothing.
"""

import asyncio

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.line import Line, Notes, NothingToDo

_PATIENCE_SECONDS = 1.5
_REQUEST = b"GET / HTTP/1.0\r\n\r\n"
_SHOWN_BYTES = 40


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``first_bytes`` of the answer, with escapes; empty if none came.

    A FIX engine is never sent HTTP: then there is nothing to do.
    """
    if line.endpoint.kind.is_fix:
        raise NothingToDo("no HTTP is spoken there")
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            tcp = await line.connect()
            try:
                await tcp.send(_REQUEST)
                data = await tcp.receive()
            finally:
                tcp.close()
    except OSError:
        data = b""
    return {"first_bytes": repr(data[:_SHOWN_BYTES])[2:-1]}
