"""TCP: does a connection open, on every address? And through the proxy, if any?"""

import asyncio
import time
from typing import Any

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes.dns import note_proxy
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.route import UnusableProxy
from kalshi_preflight.probes.tunnel import open_tunnel
from kalshi_preflight.probes.wire import TcpWire

#: How long the other addresses may take once one has connected: the next layer waits.
_STRAGGLERS_SECONDS = 1.0


async def probe(line: Line, notes: Notes) -> None:
    """Connect to every address at once; the first that answers carries the journey.

    Notes ``attempts``: one ``{"address", "elapsed_ms", "failure"}`` for each address,
    ``failure`` being ``None`` or ``{"kind", "code", "text", "icmp"}`` (and
    ``icmp_kept``, where no message means that there was none); and ``connected_to``.
    Addresses that stay silent are noted as ``timeout``. With a proxy on the route all
    this is the proxy's; ``proxy`` notes it and ``connect`` what it answered (see
    :func:`~.tunnel.open_tunnel`).
    """
    note_proxy(line, notes)
    if line.route.proxy is not None and line.route.proxy.problem is not None:
        raise UnusableProxy(line.route.proxy.problem)
    peers = [HostPort(address, line.hop.port) for address in line.addresses]
    attempts = notes["attempts"] = [_pending(peer) for peer in peers]
    tasks = [
        asyncio.create_task(_attempt(peer, attempt))
        for peer, attempt in zip(peers, attempts, strict=True)
    ]
    try:
        first = await _first_connected(tasks)
        if first is not None:
            notes["connected_to"] = str(first.peer)
            line.tcp, line.reached = first, first.peer
            await asyncio.wait(tasks, timeout=_STRAGGLERS_SECONDS)
    finally:
        _abandon(tasks, but=line.tcp)
    if first is not None and line.route.proxy is not None:
        answer: Notes = {}
        notes["connect"] = answer
        line.tcp = await open_tunnel(first, line.route, answer)


def _pending(peer: HostPort) -> Notes:
    silence: Notes = {
        "kind": "timeout",
        "code": None,
        "text": "no answer to SYN",
        "icmp": {},
    }
    return {"address": str(peer), "elapsed_ms": None, "failure": silence}


async def _first_connected(tasks: list[asyncio.Task[TcpWire | None]]) -> TcpWire | None:
    """The first connection to stand, or nothing once all have failed."""
    for task in asyncio.as_completed(tasks):
        if (wire := await task) is not None:
            return wire
    return None


async def _attempt(peer: HostPort, attempt: dict[str, Any]) -> TcpWire | None:
    started = time.perf_counter()
    told: Notes = {}
    wire: TcpWire | None = None
    try:
        wire = await TcpWire.connect(peer, told)
    except OSError as error:
        failure = failure_of(error, "connect")
        attempt["failure"] = {
            "kind": failure.kind,
            "code": failure.code,
            "text": failure.text,
            "icmp_kept": told.pop("kept", False),
            "icmp": told,
        }
    else:
        attempt["failure"] = None
    finally:
        # Also where the deadline ends it: silence has a length.
        attempt["elapsed_ms"] = round((time.perf_counter() - started) * 1000, 1)
    return wire


def _abandon(tasks: list[asyncio.Task[TcpWire | None]], but: object) -> None:
    """End what is under way, and close every connection but the journey's."""
    for task in tasks:
        task.cancel()
        wire = task.result() if task.done() and not task.cancelled() else None
        if wire is not None and wire is not but:
            wire.close()
