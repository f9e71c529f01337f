"""URLs and host:port are checked before anything is sent."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.settings.addresses import (
    AddressError,
    parse_host_port,
    parse_url,
)

pytestmark = pytest.mark.selftest

GOOD_URLS = {
    "https://h.example/trade-api/v2": HostPort("h.example", 443),
    "https://H.Example:8443": HostPort("h.example", 8443),
    "HTTPS://127.0.0.1:1/": HostPort("127.0.0.1", 1),
    "https://[::1]:65535/x": HostPort("::1", 65535),
    "https://h.example.:443/": HostPort("h.example.", 443),
}

BAD_URLS = {
    "": "https://",
    "api.elections.kalshi.com/trade-api/v2": "https://",
    "http://h.example": "https://",
    "wss://h.example": "https://",
    "https:/h.example": "https://",
    "https//h.example": "https://",
    "https:h.example": "https://",
    "https://": "no host",
    "https:///path": "no host",
    "https://user:word@h.example": "user name",
    "https://h.example?x=1": "query",
    "https://h.example#": "query",
    "https://h.example/a b": "blank",
    " https://h.example": "blank",
    "https://h.example\n": "blank",
    "https://h.exa\tmple": "blank",
    "https://h.example\\trade-api": "backslash",
    "https://h.example:0": "port",
    "https://h.example:99999": "port",
    "https://h.example:443x": "port",
    "https://[::1": "not a URL",
    "https://api..kalshi.com": "legal name",
    "https://-h.example": "legal name",
    f"https://{'a' * 64}.example": "legal name",
    f"https://{'a.' * 130}example": "legal name",
    "https://h\u2013x.example": "ASCII",
    "https://1.2.3": "neither",
    "https://1.2.3.4.5": "neither",
}


@pytest.mark.parametrize("url", GOOD_URLS)
def test_good_url(url: str) -> None:
    """A base URL gives its host in lower case and its port, 443 by default."""
    assert parse_url(url, scheme="https") == GOOD_URLS[url]


@pytest.mark.parametrize("url", BAD_URLS)
def test_bad_url(url: str) -> None:
    """What no client should be given is refused, and why is said."""
    with pytest.raises(AddressError, match=BAD_URLS[url]):
        parse_url(url, scheme="https")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:53", HostPort("127.0.0.1", 53)),
        ("[::1]:5353", HostPort("::1", 5353)),
        ("API.elections.kalshi.com:443", HostPort("api.elections.kalshi.com", 443)),
    ],
)
def test_good_host_port(text: str, expected: HostPort) -> None:
    """A name or an address, and a port."""
    assert parse_host_port(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "h", "h:", ":1", "h:0", "h:65536", "h:-1", "h:\u0661", "::1:53", "h h:1"],
)
def test_bad_host_port(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(AddressError):
        parse_host_port(text)


def test_resolver_is_an_address() -> None:
    """Where no name can be resolved yet, a name is refused."""
    with pytest.raises(AddressError, match="IP address"):
        parse_host_port("dns.google:53", address_only=True)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_an_error(text: str) -> None:
    """No text makes the parsers raise anything else."""
    for parse in (parse_host_port, lambda t: parse_url(f"https://{t}", scheme="https")):
        with contextlib.suppress(AddressError):
            parse(text)
