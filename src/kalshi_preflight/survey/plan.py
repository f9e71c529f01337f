"""The plan: which journeys, and how far up each of them goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.layer import Layer

#: The layers of each journey, lowest first.
JOURNEYS: Mapping[EndpointKind, tuple[Layer, ...]] = {
    EndpointKind.REST: (Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP, Layer.AUTH),
    EndpointKind.WEBSOCKET: (Layer.DNS, Layer.TCP, Layer.TLS, Layer.WEBSOCKET),
    EndpointKind.FIX: (Layer.DNS, Layer.TCP, Layer.TLS, Layer.FIX),
    EndpointKind.FIX_MARKET_DATA: (Layer.DNS, Layer.TCP, Layer.TLS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One environment of a survey; ``heights`` are the highest layers to go to."""

    environment: Environment
    heights: Mapping[EndpointKind, Layer]
    sibling: Environment | None = field(default=None)

    def layers(self, endpoint: EndpointKind) -> tuple[Layer, ...]:
        """The layers to take on the way to ``endpoint``."""
        layers = JOURNEYS[endpoint]
        return layers[: layers.index(self.heights[endpoint]) + 1]

    @property
    def needs_identity(self) -> bool:
        """Whether any journey uses the credentials."""
        return bool({Layer.AUTH, Layer.WEBSOCKET} & set(self.heights.values()))


def plan(
    environment: Environment,
    wanted: Mapping[EndpointKind, Layer],
    sibling: Environment | None = None,
) -> Plan:
    """Plan for what is ``wanted``, and for what judging it needs.

    A refused WebSocket upgrade says nothing about the key before REST has tried the
    same key, and a FIX logon that comes at the wrong time nothing about the clock
    before REST has read it; so journeys to the top bring one to ``auth`` along.
    """
    heights = {kind: wanted[kind] for kind in JOURNEYS if kind in wanted}
    upgrades = heights.get(EndpointKind.WEBSOCKET) is Layer.WEBSOCKET
    logs_on = heights.get(EndpointKind.FIX) is Layer.FIX and environment.fix_logon
    if (upgrades or logs_on) and EndpointKind.REST in environment.endpoints:
        heights[EndpointKind.REST] = Layer.AUTH
    return Plan(environment=environment, heights=heights, sibling=sibling)
