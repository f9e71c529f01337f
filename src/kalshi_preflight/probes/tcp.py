"""TCP: does a connection open, on every address?"""

import asyncio
import time
from typing import Any

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.wire import TcpWire

#: How long the other addresses may take once one has connected: the next layer waits.
_STRAGGLERS_SECONDS = 1.0


async def probe(line: Line, notes: Notes) -> None:
    """Connect to every address at once; the first that answers carries the journey.

    Notes ``attempts``: one ``{"address", "elapsed_ms", "failure"}`` for each address,
    ``failure`` being ``None`` or ``{"kind", "code", "text"}``; and ``connected_to``.
    Addresses that stay silent are noted as ``timeout``.
    """
    port = _port(line)
    peers = [HostPort(address, port) for address in line.addresses]
    attempts = notes["attempts"] = [_pending(peer) for peer in peers]
    tasks = [
        asyncio.create_task(_attempt(line, peer, attempt, notes))
        for peer, attempt in zip(peers, attempts, strict=True)
    ]
    try:
        await _first_connected(line, tasks)
        await asyncio.wait(tasks, timeout=_STRAGGLERS_SECONDS)
    finally:
        for task in tasks:
            task.cancel()


def _port(line: Line) -> int:
    instead = line.environment.connect_to.get(line.target)
    return instead.port if instead else line.target.port


def _pending(peer: HostPort) -> Notes:
    silence = {"kind": "timeout", "code": None, "text": "no answer to SYN"}
    return {"address": str(peer), "elapsed_ms": None, "failure": silence}


async def _first_connected(line: Line, tasks: list[asyncio.Task[None]]) -> None:
    """Wait until one address has connected, or until all have failed."""
    waiting: set[asyncio.Task[None]] = set(tasks)
    while waiting and line.tcp is None:
        _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)


async def _attempt(
    line: Line, peer: HostPort, attempt: dict[str, Any], notes: Notes
) -> None:
    started = time.perf_counter()
    try:
        wire = await TcpWire.connect(peer)
    except OSError as error:
        failure = failure_of(error, "connect")
        attempt["failure"] = {
            "kind": failure.kind,
            "code": failure.code,
            "text": failure.text,
        }
    else:
        attempt["failure"] = None
        _keep_first(line, wire, notes)
    attempt["elapsed_ms"] = round((time.perf_counter() - started) * 1000, 1)


def _keep_first(line: Line, wire: TcpWire, notes: Notes) -> None:
    if line.tcp is None:
        line.tcp, line.reached = wire, wire.peer
        notes["connected_to"] = str(wire.peer)
    else:
        wire.close()
