"""The variables that point the engine's environment somewhere else."""

from pathlib import Path

import pytest

from kalshi_preflight.model.environment import EndpointKind
from tests.selftest.settings.files import environments, remarks

pytestmark = pytest.mark.selftest

REST, WEBSOCKET = EndpointKind.REST, EndpointKind.WEBSOCKET
MISMATCH = "config-environment-mismatch"
NEW = "https://gate.example/trade-api/v2"


def test_override_is_for_the_named_environment_alone(tmp_path: Path) -> None:
    """Both hosts of the environment that KALSHI_ENV names are replaced, no other."""
    found = environments(
        tmp_path,
        KALSHI_ENV="demo",
        KALSHI_BASE_URL=NEW,
        KALSHI_WS_URL=" wss://gate.example/ws\n",
    )
    assert found["demo"].endpoints[REST].url == NEW
    assert found["demo"].endpoints[WEBSOCKET].url == "wss://gate.example/ws"
    assert found["production"].endpoints[REST].target.host == "api.elections.kalshi.com"
    assert not remarks(found["demo"], MISMATCH)


def test_first_name_wins(tmp_path: Path) -> None:
    """The engine's own name of the variable comes before the others."""
    found = environments(
        tmp_path,
        KALSHI_ENV="demo",
        KALSHI_API_URL="https://other.example",
        KALSHI_BASE_URL=NEW,
    )
    assert found["demo"].endpoints[REST].url == NEW


def test_host_of_another_environment_is_remarked(tmp_path: Path) -> None:
    """KALSHI_ENV and a host that contradict each other are said, and followed."""
    url = "https://external-api.demo.kalshi.co/trade-api/v2"
    found = environments(tmp_path, KALSHI_ENV="production", KALSHI_BASE_URL=url)
    (remark,) = remarks(found["production"], MISMATCH)
    assert remark.particulars["reason"] == "host-of-another-environment"
    assert remark.particulars["belongs_to"] == ["demo"]
    assert remark.particulars["setting"] == "KALSHI_BASE_URL"
    assert found["production"].endpoints[REST].url == url
    assert not remarks(found["demo"], MISMATCH)


def test_own_alternate_is_no_mismatch(tmp_path: Path) -> None:
    """Either name of the same exchange is right."""
    url = "https://external-api.kalshi.com/trade-api/v2"
    found = environments(tmp_path, KALSHI_ENV="prod", KALSHI_BASE_URL=url)
    assert found["production"].endpoints[REST].url == url
    assert not remarks(found["production"], MISMATCH)


@pytest.mark.parametrize("url", ["gate.example", "http://gate.example", "wss://x.y"])
def test_bad_url_is_a_remark(tmp_path: Path, url: str) -> None:
    """A URL that is none leaves the host as it was and is said, for demo alone."""
    found = environments(tmp_path, KALSHI_ENV="demo", KALSHI_BASE_URL=url)
    (remark,) = remarks(found["demo"], MISMATCH)
    assert remark.particulars["reason"] == "bad-url"
    assert remark.particulars["value"] == url
    assert found["demo"].endpoints[REST].target.host == "demo-api.kalshi.co"
    assert not remarks(found["production"], MISMATCH)


def test_password_in_a_bad_url_is_masked(tmp_path: Path) -> None:
    """User name and password are not repeated."""
    url = "https://me:hunter2@gate.example"
    found = environments(tmp_path, KALSHI_ENV="demo", KALSHI_BASE_URL=url)
    assert "hunter2" not in str(remarks(found["demo"], MISMATCH))


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://demo-api.kalshi.co/other", "demo"),
        ("https://trading-api.kalshi.com/trade-api/v2", "production"),
    ],
)
def test_unnamed_override_goes_to_the_owner_of_its_host(
    tmp_path: Path, url: str, owner: str
) -> None:
    """Without KALSHI_ENV a known host, even a retired one, tells the environment."""
    found = environments(tmp_path, KALSHI_BASE_URL=url)
    assert found[owner].endpoints[REST].url == url
    assert not remarks(found[owner], MISMATCH)


def test_unnamed_override_of_an_unknown_host_is_remarked(tmp_path: Path) -> None:
    """Where nobody can tell whose host it is, all say so but those that do not care."""
    toml = """
    [environments.lab]
    rest = "https://lab.example"
    credentials = { key_id = "x" }
    """
    found = environments(tmp_path, toml, KALSHI_BASE_URL=NEW)
    for name in ("production", "demo"):
        (remark,) = remarks(found[name], MISMATCH)
        assert remark.particulars["reason"] == "no-environment-named"
        assert found[name].endpoints[REST].url != NEW
    assert not remarks(found["lab"], MISMATCH)


def test_unknown_environment_is_remarked_once_everywhere(tmp_path: Path) -> None:
    """An unknown KALSHI_ENV is said of every environment, and once."""
    toml = '[environments.lab]\nrest = "https://lab.example"\ncredentials = {}'
    found = environments(tmp_path, toml, KALSHI_ENV="moon", KALSHI_BASE_URL=NEW)
    for environment in found.values():
        (remark,) = remarks(environment, MISMATCH)
        assert remark.particulars["value"] == "moon"


def test_sandbox_keeps_its_hosts(tmp_path: Path) -> None:
    """An override for the embedded exchange touches nothing."""
    found = environments(tmp_path, KALSHI_ENV="sandbox", KALSHI_BASE_URL=NEW)
    assert all(e.endpoints[REST].url != NEW for e in found.values())
    assert not remarks(found["demo"], MISMATCH)
