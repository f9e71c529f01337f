"""A laboratory never leaves its machine unless its row says so."""

from pathlib import Path

import pytest

from kalshi_preflight.model.environment import Controls, EndpointKind, HostPort
from kalshi_preflight.settings.laboratory import INTERNET_CONTROLS, is_private
from tests.selftest.settings.files import environments

pytestmark = pytest.mark.selftest

REST = EndpointKind.REST
LAB = "[environments.lab]\n"


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST.".lower(), "x.localhost", "127.0.0.1", "10.1.2.3"),
        *("192.168.0.1", "100.64.0.1", "169.254.1.1", "0.0.0.0", "::1", "fd00::1"),  # noqa: S104
    ],
)
def test_private_host(host: str) -> None:
    """What the internet does not route is private."""
    assert is_private(host)


@pytest.mark.parametrize("host", ["api.elections.kalshi.com", "1.1.1.1", "localhost.x"])
def test_public_host(host: str) -> None:
    """Names and routed addresses are not."""
    assert not is_private(host)


@pytest.mark.parametrize(
    "row",
    [
        'rest = "https://127.0.0.1:1"',
        'rest = "https://localhost"',
        'rest = "https://a.example"\nwebsocket = "wss://[::1]:1"',
        'rest = "https://a.example"\nfix = { host = "10.0.0.1", port = 8228 }',
        'rest = "https://a.example"\nresolver = "127.0.0.1:1"',
        'rest = "https://a.example"\nconnect_to = { "a.example:443" = "127.0.0.1:1" }',
    ],
)
def test_laboratory_has_no_controls(tmp_path: Path, row: str) -> None:
    """No control on the internet is asked for an environment that is not on it."""
    assert environments(tmp_path, LAB + row)["lab"].controls == Controls()


def test_internet_has_the_default_controls(tmp_path: Path) -> None:
    """An environment on the internet has them, unless its row gives its own."""
    row = 'rest = "https://a.example"\n'
    assert environments(tmp_path, LAB + row)["lab"].controls == INTERNET_CONTROLS
    own = LAB + row + "controls = { names = ['b.example'] }"
    assert environments(tmp_path, own)["lab"].controls == Controls(names=("b.example",))
    none = LAB + row + "controls = {}"
    assert environments(tmp_path, none)["lab"].controls == Controls()


def test_laboratory_keeps_its_own_controls(tmp_path: Path) -> None:
    """Controls that a row gives are its own business."""
    row = 'rest = "https://127.0.0.1:1"\ncontrols = { hosts = ["127.0.0.1:2"] }'
    controls = environments(tmp_path, LAB + row)["lab"].controls
    assert controls.hosts == (HostPort("127.0.0.1", 2),)


def test_built_in_name_in_a_laboratory_has_no_way_out(tmp_path: Path) -> None:
    """Production pointed at this machine loses its real alternates and sibling."""
    toml = '[environments.production]\nrest = "https://127.0.0.1:1"\n'
    found = environments(tmp_path, toml)["production"]
    assert found.alternates == {}
    assert found.sibling is None
    assert found.controls == Controls()


def test_override_makes_a_laboratory_too(tmp_path: Path) -> None:
    """So does a variable."""
    found = environments(
        tmp_path, KALSHI_ENV="demo", KALSHI_BASE_URL="https://127.0.0.1:1/v2"
    )["demo"]
    assert (found.alternates, found.sibling) == ({}, None)
    assert found.controls == Controls()


def test_siblings_in_one_laboratory_keep_each_other(tmp_path: Path) -> None:
    """Where both environments are on this machine nothing has to be cut."""
    toml = "".join(
        f'[environments.{name}]\nrest = "https://127.0.0.1:{port}"\n'
        for name, port in (("production", 1), ("demo", 2))
    )
    found = environments(tmp_path, toml)
    assert (found["production"].sibling, found["demo"].sibling) == (
        "demo",
        "production",
    )


def test_given_ways_out_are_kept(tmp_path: Path) -> None:
    """What the row itself gives is not taken away."""
    toml = """
    [environments.production]
    rest = "https://127.0.0.1:1"
    alternates = { rest = ["https://a.example"] }
    sibling = "demo"
    """
    found = environments(tmp_path, toml)["production"]
    assert found.alternates[REST][0].target.host == "a.example"
    assert found.sibling == "demo"


def test_redirected_alternates_stay(tmp_path: Path) -> None:
    """An inherited alternate that is itself redirected leads nowhere else."""
    toml = """
    [environments.production.connect_to]
    "api.elections.kalshi.com:443" = "127.0.0.1:1"
    "external-api.kalshi.com:443" = "127.0.0.1:2"
    """
    found = environments(tmp_path, toml)["production"]
    assert list(found.alternates) == [REST]


def test_market_data_is_not_inherited(tmp_path: Path) -> None:
    """A laboratory has the market data over FIX that its row names, and no other."""
    row = '[environments.production]\nrest = "https://127.0.0.1:1"\n'
    kind = EndpointKind.FIX_MARKET_DATA
    assert kind not in environments(tmp_path, row)["production"].endpoints
    row += 'fix_market_data = { host = "md.example", port = 8233 }'
    (endpoint,) = (
        e
        for e in environments(tmp_path, row)["production"].endpoints.values()
        if e.kind is kind
    )
    assert endpoint.target == HostPort("md.example", 8233)
