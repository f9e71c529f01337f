"""The route to a target: straight, or through which proxy.

Decided as httpx decides (``https`` before ``all``, ``NO_PROXY`` by its own rules), with
two exceptions that a laboratory needs: the system's settings do not apply to this
machine itself, and a proxy elsewhere is not asked for a loopback address, which would
be its own.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from kalshi_preflight.model.environment import Environment, HostPort
from kalshi_preflight.model.proxy import ProxySetting, ProxySettings
from kalshi_preflight.model.secret import Secret

_NOWHERE = HostPort("", 0)
_PORTS = {"http": 80, "https": 443}
_SOCKS = ("socks4", "socks4a", "socks5", "socks5h")


class UnusableProxy(Exception):
    """The URL of a proxy cannot be used; the text says why and repeats no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy on the way.

    ``shown`` is its URL without credentials; ``authorization`` the value of its
    ``Proxy-Authorization`` header. ``problem`` says why the URL cannot be used; then
    ``address`` means nothing. ``scheme_is_implied`` if the URL was written without one,
    which some libraries do not accept.
    """

    source: str
    shown: str
    address: HostPort = _NOWHERE
    secure: bool = False
    authorization: Secret | None = None
    scheme_is_implied: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a connection to ``target`` goes first; ``proxy`` if that is a proxy.

    ``destination`` is what the connection is for: the target, or where ``connect_to``
    sends it.
    """

    target: HostPort
    destination: HostPort
    proxy: Proxy | None = None

    @property
    def hop(self) -> HostPort:
        """Host and port that TCP connects to."""
        return self.destination if self.proxy is None else self.proxy.address


def route_to(target: HostPort, environment: Environment) -> Route:
    """The route to ``target`` in ``environment``: a pure function of the two."""
    destination = environment.connect_to.get(target, target)
    setting = _setting(environment.proxies)
    if setting is None or _goes_straight(target, destination, setting, environment):
        return Route(target=target, destination=destination)
    proxy = proxy_of(setting)
    # A loopback address is one of this machine: a proxy elsewhere has another.
    elsewhere = proxy.address.is_address and not _is_loopback(proxy.address.host)
    if elsewhere and _is_loopback(destination.host):
        return Route(target=target, destination=destination)
    return Route(target=target, destination=destination, proxy=proxy)


def _setting(proxies: ProxySettings) -> ProxySetting | None:
    """The proxy for TLS: REST and WebSocket alike are ``https`` to it."""
    return proxies.by_scheme.get("https") or proxies.by_scheme.get("all")


def _goes_straight(
    target: HostPort,
    destination: HostPort,
    setting: ProxySetting,
    environment: Environment,
) -> bool:
    entries = environment.proxies.exempt
    if any(exempts(entry, hop) for entry in entries for hop in (target, destination)):
        return True
    laboratory = environment.resolver is not None or bool(environment.connect_to)
    return setting.from_system and (laboratory or _is_loopback(destination.host))


def exempts(entry: str, target: HostPort) -> bool:
    """Whether an entry of ``NO_PROXY`` is for ``target``, as httpx reads it.

    ``example.com`` and ``.example.com`` hold for names below it (the first for itself,
    too), addresses are compared as texts, ``*`` is everything; ``*.example.com`` is
    nothing.
    """
    entry = entry.strip().lower()
    host = target.host.lower()
    if entry == "*":
        return True
    scheme, separator, rest = entry.rpartition("://")
    if separator:
        return scheme in ("https", "all") and _exempts_url(rest, host, target.port)
    entry = entry.split("/", 1)[0]
    name, _, port = entry.partition(":") if entry.count(":") == 1 else (entry, "", "")
    # httpx drops the port 443 of an https URL, but not that of an entry.
    if port and (port == "443" or port != str(target.port)):
        return False
    if _is_address(name) or name == "localhost":
        return host == name
    if not name or name.startswith("*"):
        return False
    return host.endswith(name if name.startswith(".") else f".{name}") or host == name


def _exempts_url(rest: str, host: str, port: int) -> bool:
    """An entry that is a URL: httpx takes it for a pattern of scheme, host and port."""
    named, _, at = rest.rstrip("/").partition(":")
    if at and at != "443" and at != str(port):
        return False
    if named.startswith("*."):
        return host.endswith(named[1:])
    if named.startswith("*"):
        return host == named[1:] or host.endswith(f".{named[1:]}")
    return named in ("", host)


def proxy_of(setting: ProxySetting) -> Proxy:
    """Read a proxy's URL; one that cannot be used has a ``problem``."""
    written = setting.url.reveal().strip()
    implied = "://" not in written
    url = f"http://{written}" if implied else written
    try:
        parts = _parts(url)
        address = HostPort(parts.hostname or "", parts.port or _PORTS[parts.scheme])
    except UnusableProxy as problem:
        return Proxy(source=setting.source, shown=masked(url), problem=str(problem))
    return Proxy(
        source=setting.source,
        shown=f"{parts.scheme}://{address}",
        address=address,
        secure=parts.scheme == "https",
        authorization=_authorization(parts),
        scheme_is_implied=implied,
    )


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnusableProxy("its port is no number from 1 to 65535") from None
    if parts.scheme in _SOCKS:
        raise UnusableProxy(
            "it is a SOCKS proxy, for which httpx needs the package socksio and"
            " websockets python-socks"
        )
    if parts.scheme not in _PORTS:
        raise UnusableProxy(f"its scheme {parts.scheme or 'none'!r} is none of a proxy")
    if parts.fragment or parts.query or parts.path not in ("", "/"):
        raise UnusableProxy(
            "a character of the password ends the host name: write # as %23, ? as %3F,"
            " / as %2F and @ as %40"
        )
    if parts.netloc.count("@") > 1:
        raise UnusableProxy("it has two @: write the one of the password as %40")
    if not parts.hostname or port == 0:
        raise UnusableProxy("it names no host")
    return parts


def masked(url: str) -> str:
    """A proxy's URL for people: whatever stands before its last ``@`` is left out.

    Of a URL that cannot be parsed nobody knows where the password ends, so that only
    its scheme is shown if it holds any ``@``.
    """
    scheme = url.partition("://")[0] if "://" in url else ""
    if re.search(r"[@#?]", url):
        known = re.fullmatch("[a-z0-9]+", scheme)
        return f"{scheme}://(masked)" if known else "(masked)"
    return url


def _authorization(parts: SplitResult) -> Secret | None:
    if parts.username is None:
        return None
    user, password = unquote(parts.username), unquote(parts.password or "")
    token = b64encode(f"{user}:{password}".encode()).decode("ascii")
    return Secret(f"Basic {token}")


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    return _is_address(host) and ip_address(host).is_loopback


def _is_address(host: str) -> bool:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return not isinstance(address, IPv6Address) or address.scope_id is None
