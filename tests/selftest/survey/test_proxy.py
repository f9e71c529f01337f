"""Journeys through a proxy: said so on every step, and no credentials anywhere."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import Environment
from kalshi_preflight.model.journey import Diagnosis, Reach
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.proxy import ProxySetting, ProxySettings
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.runs import run_suite
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest

USERINFO = "trader:hunter2hunter2"


def exchange_behind_a_proxy(directory: Path, url: str) -> Exchange:
    """An exchange with a proxy of its own, which clients are told to use."""
    exchange = Exchange(directory)
    exchange.hooks.proxy.url = url
    return exchange


def survey_by(directory: Path, url: str) -> tuple[Diagnosis, Exchange]:
    """Survey a healthy exchange through its proxy."""
    with exchange_behind_a_proxy(directory, url) as exchange:
        found = survey_environment(sandbox_environment(exchange.state))
    return found, exchange


@pytest.mark.parametrize("host", ["127.0.0.1", "control.kalshi.test"])
def test_every_journey_takes_the_proxy(host: str, tmp_path: Path) -> None:
    """REST and WebSocket are well through a proxy, which every step names."""
    found, exchange = survey_by(tmp_path, f"http://{USERINFO}@{host}:{{port}}")
    assert (found.verdict, found.other_causes) == (Reach.REACHABLE, ())
    assert exchange.ledger.connections("proxy") >= exchange.ledger.connections("web")
    for journey in found.journeys:
        for layer in (Layer.DNS, Layer.TCP):
            step = journey.step(layer)
            assert step is not None
            assert str(step.evidence.facts["proxy"]).startswith(f"http://{host}:")
            connect = step.evidence.facts.get("connect", {})
            assert layer is Layer.DNS or connect["status"] == 200


def test_no_credentials_are_kept(tmp_path: Path) -> None:
    """Neither user, password nor header stand in any fact, cause or representation."""
    found, _ = survey_by(tmp_path, f"http://{USERINFO}@127.0.0.1:{{port}}")
    text = json.dumps(asdict(found), default=repr)
    assert "proxy" in text
    for secret in ("hunter2", "dHJhZGVyOmh1bnRlcjJodW50ZXIy", "trader"):
        assert secret not in text


def through(environment: Environment, **urls: str) -> Environment:
    """The same environment on a machine with these proxies."""
    settings = {
        scheme: ProxySetting(source=f"{scheme.upper()}_PROXY", url=Secret(url))
        for scheme, url in urls.items()
    }
    return replace(environment, proxies=ProxySettings(by_scheme=settings))


def test_an_exempt_target_goes_straight(tmp_path: Path) -> None:
    """With NO_PROXY for the host, a dead proxy troubles nobody."""
    with Exchange(tmp_path) as exchange:
        lab = through(sandbox_environment(exchange.state), https="http://127.0.0.1:9")
        exempt = replace(lab.proxies, exempt=("localhost",))
        found = survey_environment(replace(lab, proxies=exempt))
    assert found.verdict is Reach.REACHABLE


@pytest.mark.parametrize("exempt", [(), ("*.localhost",), ("localhost.test",)])
def test_a_dead_proxy_is_not_the_exchange(
    exempt: tuple[str, ...], tmp_path: Path
) -> None:
    """Nothing listens at the proxy: the variable is named, the exchange is not."""
    with Exchange(tmp_path, faults=["tcp-refused"]) as exchange:
        lab = sandbox_environment(exchange.state)
        dead = f"http://127.0.0.1:{exchange.state.port}"
        lab = through(lab, https=dead)
        lab = replace(lab, proxies=replace(lab.proxies, exempt=exempt))
        root = survey_environment(lab).root_cause
    assert root is not None
    assert root.id == "proxy-unreachable"
    assert dead in root.summary
    assert "HTTPS_PROXY" in root.summary


def test_the_users_proxy_is_none_of_the_sandbox(tmp_path: Path) -> None:
    """A dead proxy in the variables does not trouble ``pytest -m sandbox``."""
    dead = f"http://{USERINFO}@127.0.0.1:9"
    variables = {"HTTPS_PROXY": dead, "ALL_PROXY": dead, "https_proxy": dead}
    run = run_suite(
        tmp_path / "diagnosis.json", "-m", "sandbox and tcp", variables=variables
    )
    assert run.exit_code == 0, run.screen


def test_a_run_through_a_proxy_keeps_its_secrets(tmp_path: Path) -> None:
    """A laboratory behind a proxy that asks for a password: named, masked, exit 1."""
    with Exchange(tmp_path / "x", faults=["proxy-407"]) as exchange:
        url = exchange.state.proxy
        assert url is not None
        file = tmp_path / "lab.toml"
        file.write_text(
            f'[environments.lab]\nrest = "{exchange.state.rest}"\n', encoding="utf-8"
        )
        run = run_suite(
            tmp_path / "diagnosis.json",
            "-m",
            "lab and tcp",
            f"--environments={file}",
            "-vv",
            "--showlocals",
            variables={"HTTPS_PROXY": url.replace("//", f"//{USERINFO}@")},
        )
    assert run.exit_code == 1, run.screen
    assert run.environment["root_cause"]["id"] == "proxy-authentication-required"
    assert "hunter2" not in run.screen + json.dumps(run.document)
