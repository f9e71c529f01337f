"""Failures that hostile input has brought about, and the causes they have."""

from typing import Any

import pytest

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules import RULES
from kalshi_preflight.causes.rules.answers import location_of
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence, Failure
from kalshi_preflight.model.layer import Layer
from tests.fuzz.climbing import laboratory

pytestmark = pytest.mark.selftest


def judged(layer: Layer, kind: str, **facts: Any) -> list[Finding]:
    """What the layer's rule says of a step that failed in this way."""
    failure = Failure(operation=layer, kind=kind, text="text")
    evidence = Evidence(layer=layer, failure=failure, facts=facts, elapsed_ms=2000.0)
    environment = laboratory()
    endpoint = environment.endpoints[EndpointKind.REST]
    context = Context(environment=environment, endpoint=endpoint)
    return list(RULES[layer](evidence, context))


def test_an_address_that_answers_when_the_time_is_over_is_slow() -> None:
    """The time of the step ran out in the moment in which it connected."""
    attempt = {"address": "127.0.0.1:1", "elapsed_ms": 1900.0, "failure": None}
    (found,) = judged(Layer.TCP, "timeout", attempts=[attempt])
    assert isinstance(found, Found)
    assert (found.id, found.severity) == ("tcp-slow", Severity.BROKEN)


def test_bytes_that_are_no_tls_after_the_handshake_are_damage_of_tls() -> None:
    """A record of another version in the middle of HTTP is the wire's fault."""
    (found,) = judged(Layer.HTTP, "not-tls")
    assert isinstance(found, Found)
    assert (found.id, found.layer) == ("tls-reset", Layer.TLS)


@pytest.mark.parametrize("kind", ["network-unreachable", "prohibited", "refused"])
def test_a_second_connection_that_fails_is_a_closed_one(kind: str) -> None:
    """The server closed the first one, and nobody gets through to it any more."""
    (found,) = judged(Layer.HTTP, kind)
    assert isinstance(found, Found)
    assert found.id == "http-connection-closed"


def test_an_answer_that_nobody_foresaw_is_no_silence() -> None:
    """A resolver whose answer breaks the parser has answered."""
    failure = {"kind": "unexpected", "code": None, "text": "odd"}
    (found,) = judged(Layer.DNS, "closed", resolver_failure=failure)
    assert isinstance(found, Found)
    assert found.id == "dns-server-failure"


def test_a_location_with_half_a_bracket_is_none() -> None:
    """What no address can be read from leads nowhere."""
    assert location_of({"headers": {"location": "http://[::1"}}).hostname is None


def test_a_handshake_of_megabytes_is_damaged() -> None:
    """Whoever sends records without end before the handshake is over is no server."""
    environment = laboratory()
    failure = Failure(operation=Layer.TLS, kind="too-large", text="text")
    context = Context(
        environment=environment,
        endpoint=environment.endpoints[EndpointKind.REST],
        observations={
            "silent-connection": {"outcome": "open"},
            "control-server-name": {},
        },
    )
    evidence = Evidence(layer=Layer.TLS, failure=failure)
    (found,) = RULES[Layer.TLS](evidence, context)
    assert isinstance(found, Found)
    assert found.id == "tls-reset"
