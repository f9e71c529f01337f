"""An environment: where an exchange is and how this user reaches it."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from kalshi_preflight.model.credentials import Credentials, Setting
from kalshi_preflight.model.proxy import ProxySettings


class EndpointKind(StrEnum):
    """The ways into an exchange; each is the start of one journey.

    Market data over FIX has hosts of its own; there the way is looked at up to the
    certificate, and no session is opened.
    """

    REST = "rest"
    WEBSOCKET = "websocket"
    FIX = "fix"
    FIX_MARKET_DATA = "fix_market_data"

    @property
    def is_fix(self) -> bool:
        """Whether FIX is spoken there, and HTTP is not."""
        return self in (EndpointKind.FIX, EndpointKind.FIX_MARKET_DATA)


@dataclass(frozen=True, slots=True, order=True)
class HostPort:
    """A host (name or address, without brackets) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address and needs no resolver."""
        return is_ip_address(self.host)


def is_ip_address(host: str) -> bool:
    """Whether ``host`` is a literal IPv4 or IPv6 address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address of an exchange.

    ``url`` is the base URL as configured (empty for FIX, which has none); ``path`` is
    its path without a trailing slash, and what signatures are made over starts with it.
    """

    kind: EndpointKind
    target: HostPort
    url: str = ""
    target_comp_id: str = ""

    @property
    def path(self) -> str:
        """The path of the base URL, without a trailing slash."""
        return urlsplit(self.url).path.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """Hosts and resolvers that are asked only to tell look-alikes apart.

    ``hosts`` are reached by address; ``names`` are names that must resolve wherever
    names resolve at all.
    """

    hosts: tuple[HostPort, ...] = ()
    resolvers: tuple[HostPort, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixLogon:
    """What is needed to really log on over FIX; there only if that was asked for.

    ``taken`` are settings that hold key ids which programs may be using. A key has one
    FIX session, so none of these is ever tried.
    """

    credentials: Credentials
    taken: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Everything the suite knows of one environment before it sends a byte.

    ``resolver`` is asked instead of the system's; ``ca_file`` is one more trust anchor;
    ``connect_to`` maps a name and port to where TCP really goes, as curl's
    ``--connect-to`` does; ``proxies`` are those that this machine is set to use.
    ``required`` are the endpoints whose breakage makes the environment unreachable.
    Without ``fix_logon`` not one byte of FIX is sent.
    """

    name: str
    endpoints: dict[EndpointKind, Endpoint]
    alternates: dict[EndpointKind, tuple[Endpoint, ...]] = field(default_factory=dict)
    resolver: HostPort | None = None
    ca_file: Path | None = None
    connect_to: dict[HostPort, HostPort] = field(default_factory=dict)
    credentials: Credentials = field(default_factory=Credentials)
    controls: Controls = field(default_factory=Controls)
    proxies: ProxySettings = field(default_factory=ProxySettings)
    sibling: str | None = None
    required: tuple[EndpointKind, ...] = (EndpointKind.REST, EndpointKind.WEBSOCKET)
    fix_logon: FixLogon | None = None
