"""The proxies of this machine: as urllib reads them, and never shown."""

import urllib.request
from pathlib import Path

import pytest

from kalshi_preflight.model.credentials import Setting
from kalshi_preflight.model.proxy import ProxySettings
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings import load_environments, secrets_of
from kalshi_preflight.settings.dotenv import Dotenv, read_dotenv
from kalshi_preflight.settings.proxies import proxy_settings

pytestmark = pytest.mark.selftest

_NO_FILE = Dotenv()
ONE, TWO = "http://10.0.0.1:1", "http://10.0.0.2:2"


def urls(settings: ProxySettings) -> dict[str, str]:
    """The proxies by scheme, as plain text."""
    return {scheme: s.url.reveal() for scheme, s in settings.by_scheme.items()}


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"HTTPS_PROXY": ONE},
        {"https_proxy": ONE},
        {"HTTPS_PROXY": ONE, "https_proxy": TWO},
        {"https_proxy": TWO, "HTTPS_PROXY": ONE},
        {"HTTPS_PROXY": ONE, "https_proxy": ""},
        {"HTTPS_PROXY": ""},
        {"ALL_PROXY": ONE, "HTTPS_PROXY": TWO},
        {"Https_Proxy": ONE},
        {"HTTPS_PROXY": ONE, "NO_PROXY": "kalshi.com, localhost"},
        {"HTTPS_PROXY": ONE, "NO_PROXY": "a", "no_proxy": "b"},
    ],
)
def test_variables_are_read_as_urllib_reads_them(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every spelling, urllib finds the same proxies and exemptions."""
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "HTTP_PROXY"):
        for spelling in (name, name.lower()):
            monkeypatch.delenv(spelling, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    theirs = urllib.request.getproxies_environment()
    ours = proxy_settings(variables, _NO_FILE, {})
    assert urls(ours) == {k: v for k, v in theirs.items() if k in ("https", "all")}
    exempt = theirs.get("no", "").split(",")
    assert ours.exempt == tuple(entry.strip() for entry in exempt if entry)


def test_the_system_counts_where_no_variable_does() -> None:
    """The registry's proxy is used if no variable is set, and gives way to any."""
    system = {"https": TWO}
    alone = proxy_settings({}, _NO_FILE, system)
    assert urls(alone) == {"https": TWO}
    assert alone.by_scheme["https"].from_system
    assert alone.by_scheme["https"].source == "the system's settings"
    assert urls(proxy_settings({"ALL_PROXY": ONE}, _NO_FILE, system)) == {"all": ONE}


def test_the_dotenv_file_counts(tmp_path: Path) -> None:
    """A bot that loads its .env has that proxy, unless the process has another."""
    place = "bot.env line 3"
    setting = Setting(name="HTTPS_PROXY", source=place, value=Secret(ONE))
    dotenv = Dotenv(values={"HTTPS_PROXY": setting})
    found = proxy_settings({}, dotenv, {}).by_scheme["https"]
    assert (found.url.reveal(), found.source) == (ONE, f"HTTPS_PROXY ({place})")
    assert urls(proxy_settings({"HTTPS_PROXY": TWO}, dotenv, {})) == {"https": TWO}


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://trader:hunter2hunter2@10.0.0.1:1", "hunter2hunter2"),
        ("http://trader:hunter%40hunter2@10.0.0.1:1", "hunter@hunter2"),
        ("http://trader:hunter2hunter2@10.0.0.1:1", "dHJhZGVyOmh1bnRlcjJodW50ZXIy"),
        ("http://trader:hun@ter#2hunter@10.0.0.1:1", "hun@ter#2hunter"),
    ],
)
def test_credentials_are_secrets(url: str, secret: str, tmp_path: Path) -> None:
    """Password and header are known to the redactor, escaped or not."""
    variables = {"HTTPS_PROXY": url}
    dotenv = read_dotenv(None, v8_home=None, cwd=tmp_path)
    environments = load_environments(None, variables=variables, dotenv=dotenv)
    known = secrets_of(environments.values(), variables=variables, dotenv=dotenv)
    assert secret in {each.reveal() for each in known}
    assert set(environments["production"].proxies.by_scheme) == {"https"}
