"""A connection over which nothing is sent: is it reset all the same?

A reset that comes before any byte of ours is the listener's (or a middlebox that
dislikes the address); one that comes after the ClientHello may be a middlebox that
dislikes the server name in it.
"""

import asyncio

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes

#: At least so long, and longer where the journey's own connection took its time: a
#: reset is one round trip away, and people wait for the verdict.
_PATIENCE_SECONDS = 0.2
_TIMES_THE_JOURNEY = 5


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Connect and wait; ``outcome`` is ``open``, ``closed``, ``data`` or a kind."""
    took_seconds = evidence.elapsed_ms / 1000
    patience_seconds = max(_PATIENCE_SECONDS, _TIMES_THE_JOURNEY * took_seconds)
    try:
        async with asyncio.timeout(patience_seconds):
            wire = await line.connect()
            try:
                return {"outcome": "data" if await wire.receive() else "closed"}
            finally:
                wire.close()
    except TimeoutError:
        return {"outcome": "open"}
    except OSError as error:
        return {"outcome": failure_of(error, "connect").kind}
