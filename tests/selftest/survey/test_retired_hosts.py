"""A retired host is named as such on the layer on which it gives itself away."""

from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import Endpoint, Environment, HostPort
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS, RetiredAnswer
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.surveys import survey_environment
from tests.selftest.test_matrix import check_hint, check_ladder

pytestmark = pytest.mark.selftest

_NO_NAME = [
    host for host, row in RETIRED_HOSTS.items() if row.answer is RetiredAnswer.NO_NAME
]


def moved(environment: Environment, host: str) -> Environment:
    """The same environment under another name."""

    def named(endpoint: Endpoint) -> Endpoint:
        url = endpoint.url.replace(str(endpoint.target), host)
        return replace(endpoint, target=HostPort(host, 443), url=url)

    endpoints = {kind: named(e) for kind, e in environment.endpoints.items()}
    return replace(environment, endpoints=endpoints)


@pytest.mark.parametrize("host", _NO_NAME)
def test_a_name_that_is_gone(host: str, tmp_path: Path) -> None:
    """A dead name is no riddle of DNS: the hint gives the host that is meant."""
    with Exchange(tmp_path) as exchange:
        environment = moved(sandbox_environment(exchange.state), host)
        diagnosis = survey_environment(environment)
    cause = diagnosis.root_cause
    assert cause is not None
    assert (cause.id, cause.layer) == ("config-retired-host", Layer.DNS)
    current = RETIRED_HOSTS[host].current
    assert current in cause.summary
    assert any(current in line for line in hint_for(cause).fix.posix)
    check_hint(cause)
    for journey in diagnosis.journeys:
        check_ladder(journey)


def test_a_host_that_answers_for_another(tmp_path: Path) -> None:
    """A name that resolves and answers anything but 200 is judged by the name."""
    host = "trading-api.kalshi.com"
    exchange = Exchange(tmp_path, faults=["http-500-empty"])
    exchange.hooks.web.chain = lambda authority: authority.leaf(host)
    with exchange:
        environment = sandbox_environment(exchange.state)
        here = HostPort("127.0.0.1", exchange.state.port)
        diagnosis = survey_environment(
            replace(moved(environment, host), connect_to={HostPort(host, 443): here})
        )
    assert diagnosis.root_cause is not None
    assert diagnosis.root_cause.id == "config-retired-host"
    assert diagnosis.root_cause.layer is Layer.HTTP
    check_hint(diagnosis.root_cause)
