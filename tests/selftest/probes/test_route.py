"""The route to a target: as httpx decides it, and where a laboratory differs."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.model.environment import Environment, HostPort
from kalshi_preflight.model.proxy import ProxySetting, ProxySettings
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.probes.route import Proxy, Route, exempts, proxy_of, route_to

pytestmark = pytest.mark.selftest

HOST = HostPort("api.elections.kalshi.com", 443)
#: Entries of NO_PROXY and targets that they are, or are not, for.
EXEMPTIONS = [
    "kalshi.com",
    ".kalshi.com",
    "*.kalshi.com",
    "api.elections.kalshi.com",
    "elections.kalshi.com",
    "lections.kalshi.com",
    "KALSHI.COM",
    "kalshi.co",
    "*",
    "https://api.elections.kalshi.com",
    "http://api.elections.kalshi.com",
    "https://*.kalshi.com",
    "api.elections.kalshi.com:443",
    "api.elections.kalshi.com:8443",
    "localhost",
    "127.0.0.1",
    "127.0.0.0/8",
    "127.0.0.1/8",
    "::1",
]
TARGETS = [
    HOST,
    HostPort("kalshi.com", 443),
    HostPort("notkalshi.com", 443),
    HostPort("api.elections.kalshi.com", 8443),
    HostPort("localhost", 443),
    HostPort("www.localhost", 443),
    HostPort("127.0.0.1", 443),
    HostPort("127.0.0.1", 8443),
    HostPort("::1", 443),
]


def environment(
    url: str | None = "http://10.0.0.1:3128",
    *,
    exempt: tuple[str, ...] = (),
    from_system: bool = False,
    resolver: HostPort | None = None,
    connect_to: dict[HostPort, HostPort] | None = None,
) -> Environment:
    """An environment on a machine with (or without) a proxy for https."""
    setting = ProxySetting(
        source="HTTPS_PROXY", url=Secret(url or ""), from_system=from_system
    )
    proxies = ProxySettings(by_scheme={"https": setting} if url else {}, exempt=exempt)
    return Environment(
        name="lab",
        endpoints={},
        proxies=proxies,
        resolver=resolver,
        connect_to=connect_to or {},
    )


def goes_through(target: HostPort, at: Environment) -> bool:
    """Whether the route to ``target`` has a proxy on it."""
    return route_to(target, at).proxy is not None


@pytest.mark.parametrize("target", TARGETS, ids=str)
@pytest.mark.parametrize("entry", EXEMPTIONS)
def test_exemptions_are_those_of_httpx(
    entry: str, target: HostPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every entry and target, httpx goes straight if and only if we do."""
    for name in ("HTTP_PROXY", "ALL_PROXY", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:3128")
    monkeypatch.setenv("NO_PROXY", entry)
    url = httpx.URL(f"https://{target}/")
    with httpx.Client() as client:
        theirs = client._transport_for_url(url)  # the oracle is what httpx would do
        straight = theirs is client._transport
    assert exempts(entry, target) is straight


@pytest.mark.parametrize(
    ("target", "at", "expected"),
    [
        (HOST, environment(None), False),
        (HOST, environment(), True),
        (HOST, environment(exempt=("kalshi.com",)), False),
        (HOST, environment(from_system=True), True),
        # httpx sends even localhost to a proxy that a variable sets.
        (HostPort("localhost", 8443), environment("http://127.0.0.1:3128"), True),
        (HostPort("localhost", 8443), environment("http://proxy.corp:3128"), True),
        # A loopback address is the proxy's own, where the proxy is another machine.
        (HostPort("localhost", 8443), environment("http://10.0.0.1:3128"), False),
        # What the system sets is for the internet.
        (
            HostPort("localhost", 8443),
            environment("http://127.0.0.1:3128", from_system=True),
            False,
        ),
        (
            HOST,
            environment(from_system=True, resolver=HostPort("127.0.0.1", 5353)),
            False,
        ),
        (HOST, environment(resolver=HostPort("127.0.0.1", 5353)), True),
        (HOST, environment(connect_to={HOST: HostPort("127.0.0.1", 8443)}), False),
        (
            HOST,
            environment(
                "http://127.0.0.1:3128",
                connect_to={HOST: HostPort("127.0.0.1", 8443)},
            ),
            True,
        ),
        (
            HOST,
            environment(
                "http://127.0.0.1:3128",
                exempt=("127.0.0.1",),
                connect_to={HOST: HostPort("127.0.0.1", 8443)},
            ),
            False,
        ),
    ],
)
def test_the_route_is_a_table(
    target: HostPort, at: Environment, expected: bool
) -> None:
    """Variables are honoured as httpx does; laboratories are left alone otherwise."""
    assert goes_through(target, at) is expected


def test_a_tunnel_is_asked_for_the_destination() -> None:
    """With ``connect_to`` the proxy is asked for where TCP really goes."""
    there = HostPort("127.0.0.1", 8443)
    at = environment("http://127.0.0.1:3128", connect_to={HOST: there})
    route = route_to(HOST, at)
    assert (route.hop, route.destination) == (HostPort("127.0.0.1", 3128), there)


def test_https_wins_over_all() -> None:
    """``HTTPS_PROXY`` stands before ``ALL_PROXY``, which is better than nothing."""
    every = ProxySetting(source="ALL_PROXY", url=Secret("http://10.0.0.2:1"))
    https = ProxySetting(source="HTTPS_PROXY", url=Secret("http://10.0.0.1:1"))
    both = ProxySettings(by_scheme={"all": every, "https": https})
    one = ProxySettings(by_scheme={"all": every})
    for proxies, source in ((both, "HTTPS_PROXY"), (one, "ALL_PROXY")):
        at = Environment(name="lab", endpoints={}, proxies=proxies)
        proxy = route_to(HOST, at).proxy
        assert proxy is not None
        assert proxy.source == source


def read(url: str) -> Proxy:
    """A proxy as its URL describes it."""
    return proxy_of(ProxySetting(source="HTTPS_PROXY", url=Secret(url)))


@pytest.mark.parametrize(
    ("url", "shown", "address"),
    [
        ("http://10.0.0.1:3128", "http://10.0.0.1:3128", HostPort("10.0.0.1", 3128)),
        ("10.0.0.1:3128", "http://10.0.0.1:3128", HostPort("10.0.0.1", 3128)),
        ("http://[::1]:3128/", "http://[::1]:3128", HostPort("::1", 3128)),
        ("http://proxy.corp", "http://proxy.corp:80", HostPort("proxy.corp", 80)),
        ("https://proxy.corp", "https://proxy.corp:443", HostPort("proxy.corp", 443)),
        ("http://u:p%40ss@h:1", "http://h:1", HostPort("h", 1)),
    ],
)
def test_a_url_is_read(url: str, shown: str, address: HostPort) -> None:
    """Host, port and scheme are read; credentials are not shown."""
    proxy = read(url)
    assert (proxy.problem, proxy.shown, proxy.address) == (None, shown, address)


def test_credentials_become_a_header() -> None:
    """User and password are decoded and sent as Basic; nothing shows them."""
    proxy = read("http://user:p%40ss@10.0.0.1:3128")
    assert proxy.authorization is not None
    assert proxy.authorization.reveal() == "Basic dXNlcjpwQHNz"
    assert "p%40ss" not in repr(proxy)
    assert "dXNlcjpwQHNz" not in repr(proxy)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("htp://10.0.0.1:3128", "scheme"),
        ("http://10.0.0.1:abc", "port"),
        ("http://10.0.0.1:99999", "port"),
        ("http://10.0.0.1:0", "host"),
        ("http://", "host"),
        ("socks5://10.0.0.1:1080", "SOCKS"),
        ("http://u:p@ss#1@10.0.0.1:1", "%23"),
        ("http://u:p@ss@10.0.0.1:1", "%40"),
        ("http://u:p/ss@10.0.0.1:1", "port"),
    ],
)
def test_a_url_of_no_use_says_why(url: str, problem: str) -> None:
    """A URL that no client can use has a problem, which repeats nothing of it."""
    proxy = read(url)
    assert proxy.problem is not None
    assert problem in proxy.problem
    assert "ss" not in proxy.shown


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    """Whatever the variable holds, there is a proxy or a problem, and no exception."""
    proxy = read(text)
    assert proxy.problem or proxy.address.host
    assert isinstance(Route(target=HOST, destination=HOST, proxy=proxy).hop, HostPort)
