"""The same address, asked for another name: is it the name that somebody objects to?

The ClientHello carries the server name in the clear (SNI, RFC 6066 §3), and filters act
on it. Whatever TLS comes back for a control name, be it a refusal, shows that the
address answers. Nothing is sent but the handshake.
"""

import asyncio
import ssl

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.wire import Carrier, TlsWire

_PATIENCE_SECONDS = 1.5
#: A name that nobody filters (RFC 2606 §3), where no control is configured.
_EXAMPLE = "www.example.com"
_TLS_RECORDS = (0x15, 0x16)


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``name``, ``outcome`` (``shakes hands`` or a kind) and ``answers``.

    ``answers`` is whether any TLS came back.
    """
    name = next(iter(line.environment.controls.names), _EXAMPLE)
    tcp: Carrier | None = None
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            tcp = await line.connect()
            await TlsWire(tcp, line.unverifying(), name).handshake()
        outcome = "shakes hands"
    except (OSError, EOFError, ssl.SSLError) as error:
        outcome = failure_of(error, "handshake").kind
    finally:
        if tcp is not None:
            tcp.close()
    first = tcp.first_bytes[:1] if tcp else b""
    return {
        "name": name,
        "outcome": outcome,
        "answers": bool(first) and first[0] in _TLS_RECORDS,
    }
