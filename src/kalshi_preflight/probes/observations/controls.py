"""Control hosts by address: is it this exchange, or is it this machine's network?"""

import asyncio
from ipaddress import ip_address

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.wire import TcpWire

#: A control that does not answer by then counts as unreachable.
_PATIENCE_SECONDS = 1.2


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Connect to every control host and close at once.

    Returns ``asked`` (all of them), ``reached``, and the ``failures`` by host. A
    refusal reaches a control as well: somebody out there has answered. Not so if it is
    this machine's own firewall that refuses, which proves nothing about a network.
    """
    hosts = line.environment.controls.hosts
    outcomes = await asyncio.gather(*map(_outcome, hosts))
    return {
        "asked": [str(host) for host in hosts],
        "reached": [
            str(host)
            for host, kind in zip(hosts, outcomes, strict=True)
            if kind in (None, "refused")
        ],
        "failures": {
            str(host): kind
            for host, kind in zip(hosts, outcomes, strict=True)
            if kind is not None
        },
    }


async def _outcome(host: HostPort) -> str | None:
    """Nothing if it connected, else the kind of failure."""
    icmp: Notes = {}
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            wire = await TcpWire.connect(host, icmp)
    except OSError as error:
        own = icmp.get("local") and not ip_address(host.host).is_loopback
        return "prohibited" if own else failure_of(error, "connect").kind
    wire.close()
    return None
