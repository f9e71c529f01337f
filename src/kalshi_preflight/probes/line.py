"""The line of one journey: what the lower layers have won for the upper ones."""

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kalshi_preflight.model.credentials import Remark
from kalshi_preflight.model.environment import (
    Endpoint,
    Environment,
    HostPort,
)
from kalshi_preflight.probes.route import Route, route_to
from kalshi_preflight.probes.trust import (
    client_context,
    fix_context,
    unverified_context,
)
from kalshi_preflight.probes.tunnel import open_tunnel
from kalshi_preflight.probes.wire import Carrier, TcpWire, TlsWire

if TYPE_CHECKING:
    from kalshi_preflight.probes.exchange_client import ExchangeClient
    from kalshi_preflight.signing.signer import Signer

#: What a probe saw so far; kept also when the probe ends in an exception.
Notes = dict[str, Any]


class NothingToDo(Exception):
    """A probe has nothing to do here; the text says why."""


@dataclass(slots=True, kw_only=True)
class Identity:
    """The credentials of one environment, after the offline checks.

    ``problem`` is what keeps there from being a ``signer``; ``remarks`` are what was
    odd all the same.
    """

    signer: "Signer | None" = None
    problem: Remark | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True, kw_only=True)
class Line:
    """One journey under way.

    ``reached`` is the address that TCP connected to (the proxy's, if there is one),
    ``tcp`` and ``tls`` the one connection that the journey goes over, ``client`` the
    HTTP client on top of it, ``clock`` what its first answer said of our clock;
    ``refused`` are the certificates (DER, as sent) that its own handshake refused;
    ``sibling`` is the environment whose keys are commonly mixed up with this one's.
    """

    environment: Environment
    endpoint: Endpoint
    identity: Identity = field(default_factory=Identity)
    sibling: Environment | None = None
    addresses: tuple[str, ...] = ()
    reached: HostPort | None = None
    tcp: Carrier | None = None
    tls: TlsWire | None = None
    refused: tuple[bytes, ...] = ()
    client: "ExchangeClient | None" = None
    clock: Notes = field(default_factory=dict)

    @property
    def target(self) -> HostPort:
        """Name and port as configured: what certificates and reports speak of."""
        return self.endpoint.target

    @property
    def route(self) -> Route:
        """The way to the target: straight, or through a proxy.

        No FIX engine takes an HTTP proxy's setting, so FIX goes straight.
        """
        if self.endpoint.kind.is_fix:
            straight = self.environment.connect_to.get(self.target, self.target)
            return Route(target=self.target, destination=straight)
        return route_to(self.target, self.environment)

    @property
    def hop(self) -> HostPort:
        """Where DNS and TCP lead to: the target, what stands in for it, or a proxy."""
        return self.route.hop

    def verifying(self) -> ssl.SSLContext:
        """The context of the journey's own handshake; raises ``NoTrustStore``."""
        make = fix_context if self.endpoint.kind.is_fix else client_context
        return make(self.environment.ca_file)

    def unverifying(self) -> ssl.SSLContext:
        """A context for looking at the same handshake, whatever chain there is."""
        return unverified_context(http=not self.endpoint.kind.is_fix)

    async def connect(self) -> Carrier:
        """One more connection by the journey's route to the address that it reached."""
        if self.reached is None:
            raise NothingToDo("no address was reached")
        tcp = await TcpWire.connect(self.reached)
        try:
            return await open_tunnel(tcp, self.route, {})
        except BaseException:
            tcp.close()
            raise

    async def open(self) -> TlsWire:
        """One more TLS connection to the address that the journey reached.

        Experiments that vary one thing need a connection of their own; all else about
        it (address, server name, trust) is as on the first.
        """
        tcp = await self.connect()
        wire = TlsWire(tcp, self.verifying(), self.target.host)
        try:
            await wire.handshake()
        except BaseException:
            wire.close()
            raise
        return wire

    def close(self) -> None:
        """Close the journey's connection."""
        if self.tcp is not None:
            self.tcp.close()
