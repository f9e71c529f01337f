"""What time is it elsewhere? The ``Date`` of the peer and of the control hosts.

They are asked over TLS that verifies nothing, because with a wrong clock nothing can be
verified. That is harmless: the request is a bare ``GET /`` without credentials, cookies
or names of ours, its answer is used for nothing but the time of day, and no clock is
set by it (the remedy asks time servers). A control weighs more than the peer, whose
certificate is the very thing in doubt; a FIX engine is never sent HTTP.
"""

import asyncio
import functools
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.certificate import stamp
from kalshi_preflight.probes.chain import chain_facts, look
from kalshi_preflight.probes.exchange_client import moment_in
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.wire import Carrier, TcpWire, TlsWire

_Connect = Callable[[], Awaitable[Carrier]]

_PATIENCE_SECONDS = 2.0
_HEAD_LIMIT_BYTES = 16 * 1024
_DATE = re.compile(rb"\r\ndate:[ \t]*([^\r\n]{1,64})\r\n", re.IGNORECASE)


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``our_time`` and ``witnesses``.

    A witness is ``{"host", "is_control"}`` with ``chain`` and ``path`` if it speaks
    TLS, with ``says`` (ISO 8601) and ``offset_seconds`` (of our clock; ahead is
    positive) if it gave a date, and with ``failure`` if that failed.
    """
    testimonies = [
        _testimony(host, host.host, functools.partial(TcpWire.connect, host))
        for host in line.environment.controls.hosts
    ]
    if line.reached is not None and not line.endpoint.kind.is_fix:
        testimonies.append(_testimony(line.reached, line.target.host, line.connect))
    witnesses = await asyncio.gather(*testimonies)
    for witness in witnesses:
        witness["is_control"] = witness["host"] != str(line.reached)
    return {"our_time": stamp(datetime.now(UTC)), "witnesses": witnesses}


async def _testimony(host: HostPort, name: str, connect: _Connect) -> Notes:
    notes: Notes = {"host": str(host)}
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            wire = await look(await connect(), name)
            try:
                notes.update(chain_facts(wire))
                await _note_date(wire, name, notes)
            finally:
                wire.close()
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        notes["failure"] = failure_of(error, "date").kind
    return notes


async def _note_date(wire: TlsWire, name: str, notes: Notes) -> None:
    host = f"[{name}]" if ":" in name else name
    await wire.send(
        f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii")
    )
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _HEAD_LIMIT_BYTES:
        data = await wire.receive()
        if not data:
            break
        head += data
    now = time.time()
    if (match := _DATE.search(head)) is None:
        return
    if (said := moment_in(match[1].decode("latin-1"))) is None:
        return
    notes["says"] = stamp(said)
    notes["offset_seconds"] = round(now - said.timestamp() - 0.5, 1)
