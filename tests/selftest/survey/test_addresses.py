"""Base addresses as people get them wrong, and hosts of which one is better."""

from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import Endpoint, EndpointKind, Environment
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment, sandbox_sibling
from tests.selftest.surveys import survey_environment
from tests.selftest.test_matrix import check_hint, check_ladder, check_questions, found

pytestmark = pytest.mark.selftest

_REST_PATHS = {
    "doubled": "/trade-api/v2/trade-api/v2",
    "lost": "",
    "half": "/trade-api",
    "other-version": "/trade-api/v3",
    "with-endpoint": "/trade-api/v2/exchange",
}
_WEBSOCKET_PATHS = {
    "turned-round": "/trade-api/v2/ws",
    "of-rest": "/trade-api/v2",
    "lost": "",
}


def with_path(environment: Environment, kind: EndpointKind, path: str) -> Environment:
    """The same environment with another base path."""
    endpoint = environment.endpoints[kind]
    scheme = "wss" if kind is EndpointKind.WEBSOCKET else "https"
    changed = replace(endpoint, url=f"{scheme}://{endpoint.target}{path}")
    return replace(environment, endpoints={**environment.endpoints, kind: changed})


@pytest.mark.parametrize("name", _REST_PATHS)
def test_a_wrong_base_path_of_rest(name: str, tmp_path: Path) -> None:
    """A prefix that is doubled, lost or half is a path that nobody knows."""
    with Exchange(tmp_path) as exchange:
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(
            with_path(environment, EndpointKind.REST, _REST_PATHS[name])
        )
    assert [cause.id for cause in found(diagnosis)] == ["http-not-found"]
    check_hint(found(diagnosis)[0])


@pytest.mark.parametrize("name", _WEBSOCKET_PATHS)
def test_a_wrong_path_of_the_websocket(name: str, tmp_path: Path) -> None:
    """A wrong path of the WebSocket is the exchange's 404 and nobody else's."""
    with Exchange(tmp_path) as exchange:
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(
            with_path(environment, EndpointKind.WEBSOCKET, _WEBSOCKET_PATHS[name])
        )
    assert [cause.id for cause in found(diagnosis)] == ["ws-not-found"]
    check_hint(found(diagnosis)[0])


def with_alternate(exchange: Exchange) -> Environment:
    """The sandbox with another host beside its own; the sibling stands in for it."""
    other: Endpoint = sandbox_sibling(exchange.state).endpoints[EndpointKind.REST]
    environment = sandbox_environment(exchange.state)
    return replace(environment, alternates={EndpointKind.REST: (other,)})


@pytest.mark.parametrize(
    ("fault", "cause", "layer"),
    [
        ("http-502-page", "http-bad-gateway", Layer.HTTP),
        ("tls-expired", "tls-certificate-expired", Layer.TLS),
        ("tcp-refused", "tcp-refused", Layer.TCP),
    ],
)
def test_another_host_that_works_is_told(
    fault: str, cause: str, layer: Layer, tmp_path: Path
) -> None:
    """Beside the cause stands a warning that names the host that answers."""
    with Exchange(tmp_path, faults=[fault]) as exchange:
        environment = with_alternate(exchange)
        diagnosis = survey_environment(environment)
    assert diagnosis.root_cause is not None
    assert diagnosis.root_cause.id == cause
    (better,) = [c for c in found(diagnosis) if c.id == "host-alternate-better"]
    assert (better.layer, better.severity) == (layer, Severity.WARNING)
    alternate = environment.alternates[EndpointKind.REST][0].target
    assert str(alternate) in better.summary
    check_hint(better)
    for journey in diagnosis.journeys:
        check_ladder(journey)
        check_questions(diagnosis, journey)


def test_another_host_that_is_as_bad_is_not_told(tmp_path: Path) -> None:
    """Where the other host does not answer well, nothing is said of it."""
    exchange = Exchange(tmp_path, faults=["http-edge-wordless-everywhere"])
    with exchange:
        diagnosis = survey_environment(with_alternate(exchange))
    assert {cause.id for cause in found(diagnosis)} == {"http-forbidden-edge"}


def test_another_host_is_not_asked_in_health(tmp_path: Path) -> None:
    """A healthy journey asks nobody else."""
    with Exchange(tmp_path) as exchange:
        diagnosis = survey_environment(with_alternate(exchange))
        assert exchange.ledger.count("connections sibling") == 0
    assert found(diagnosis) == []
