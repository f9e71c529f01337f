"""Probes: one file a layer, one signature, listed here.

A probe takes the journey's :class:`~.line.Line` and a dict of notes, does one thing on
one layer and returns nothing. What it saw is in the notes; what went wrong is the
exception it raises. It judges nothing.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib import import_module

from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes import auth, dns, fix, http, tcp, tls
from kalshi_preflight.probes.line import Line, Notes

Probe = Callable[[Line, Notes], Awaitable[None]]


async def _websocket(line: Line, notes: Notes) -> None:
    # Imported on use: runs that stop below this layer never need the library.
    from kalshi_preflight.probes import websocket

    await websocket.probe(line, notes)


PROBES: Mapping[Layer, Probe] = {
    Layer.DNS: dns.probe,
    Layer.TCP: tcp.probe,
    Layer.TLS: tls.probe,
    Layer.HTTP: http.probe,
    Layer.AUTH: auth.probe,
    Layer.WEBSOCKET: _websocket,
    Layer.FIX: fix.probe,
}

#: The libraries that a layer's probe imports on use, heaviest first.
_LIBRARIES: Mapping[Layer, tuple[str, ...]] = {
    Layer.DNS: ("dns.message",),
    Layer.TLS: ("cryptography.x509",),
    Layer.HTTP: ("kalshi_preflight.probes.exchange_client",),
    Layer.WEBSOCKET: ("kalshi_preflight.probes.websocket",),
}


def prepare(
    layers: Iterable[Layer], *, system_resolvers: bool = True, logs_on: bool = False
) -> None:
    """Import what the probes of these layers need, so that no step pays for it.

    ``system_resolvers`` is whether any environment leaves it to the system whom to ask,
    ``logs_on`` whether any FIX session is logged on to.
    """
    if system_resolvers:
        import_module("dns.resolver")
    if logs_on:
        import_module("kalshi_preflight.probes.fix_session")
    for layer in layers:
        for name in _LIBRARIES.get(layer, ()):
            import_module(name)
