"""URLs and ``host:port`` as users write them, checked before anything is sent."""

import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from kalshi_preflight.model.environment import HostPort, is_ip_address

#: One label of a host name (RFC 1123 section 2.1; the underscore is met in practice).
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)


class AddressError(ValueError):
    """What is wrong with an address, as the end of a sentence and without the value."""


def parse_url(text: str, *, scheme: str) -> HostPort:
    """The host and port of a base URL; raise :class:`AddressError` if it is not one.

    ``urlsplit`` drops tabs and line ends silently and HTTP clients take a port modulo
    65536, so both are refused here.
    """
    if any(not character.isprintable() or character.isspace() for character in text):
        raise AddressError("has a blank or a control character in it")
    if "\\" in text:
        raise AddressError("has a backslash in it")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise AddressError("is not a URL") from None
    _check_shape(text, parts, scheme)
    return HostPort(_host_of(parts), _port_of(parts))


def _check_shape(text: str, parts: SplitResult, scheme: str) -> None:
    if parts.scheme != scheme or not text[len(scheme) :].startswith("://"):
        raise AddressError(f"does not begin with {scheme}://")
    if "@" in parts.netloc:
        raise AddressError("has a user name or password in it")
    if "?" in text or "#" in text:
        raise AddressError("has a query or a fragment; a base URL ends with its path")


def _host_of(parts: SplitResult) -> str:
    if not parts.hostname:
        raise AddressError("names no host")
    return check_host(parts.hostname)


def _port_of(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise AddressError("has a port that is not a number from 1 to 65535") from None
    # "https://host:" is legal (RFC 3986 section 3.2.3) and means the default port.
    return check_port(443 if port is None else port)


def parse_host_port(text: str, *, address_only: bool = False) -> HostPort:
    """``host:port`` or ``[v6]:port``; with ``address_only`` a name is refused."""
    host, colon, port = text.rpartition(":")
    if not colon:
        raise AddressError("is not host:port")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise AddressError("is not host:port (an IPv6 address is written in brackets)")
    if not (port.isascii() and port.isdigit() and len(port) <= 5):
        raise AddressError("has a port that is not a number from 1 to 65535")
    host = check_host(host)
    if address_only and not is_ip_address(host):
        raise AddressError("names a host, where an IP address is needed")
    return HostPort(host, check_port(int(port)))


def check_port(port: int) -> int:
    """``port``, if it is one that can be connected to."""
    if not 1 <= port <= 65535:
        raise AddressError("has a port that is not a number from 1 to 65535")
    return port


def check_host(host: str) -> str:
    """``host`` in lower case, if it is an IP address or could be a name of DNS."""
    if not host:
        raise AddressError("names no host")
    if is_ip_address(host):
        return host.lower()
    if not host.isascii():
        raise AddressError("has a host with a character that is not ASCII")
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressError("has a host that is not a legal name")
    if labels[-1].isdigit():
        raise AddressError("has a host that is neither a name nor an IP address")
    return host.lower()


def nearest(word: str, known: Collection[str]) -> str:
    """`` (did you mean ...?)`` for a word that is nearly a known one, else nothing."""
    from difflib import get_close_matches

    match = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f" (did you mean {match[0]}?)" if match else ""
