"""Steps, journeys and their status."""

import pytest

from kalshi_preflight.model.cause import Blame, Cause, Severity
from kalshi_preflight.model.environment import EndpointKind, HostPort
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.journey import Journey, Status, Step
from kalshi_preflight.model.layer import Layer

pytestmark = pytest.mark.selftest


def cause(severity: Severity, id_: str = "some-cause") -> Cause:
    """A cause of a severity."""
    return Cause(
        id=id_,
        layer=Layer.TCP,
        endpoint=EndpointKind.REST,
        severity=severity,
        blame=Blame.NETWORK,
        question="test_connects",
        summary="",
    )


@pytest.mark.parametrize(
    ("severities", "blocked_by", "skipped", "status"),
    [
        ([], None, None, Status.OK),
        ([Severity.NOTE], None, None, Status.OK),
        ([Severity.WARNING], None, None, Status.WARNED),
        ([Severity.WARNING, Severity.BROKEN], None, None, Status.BROKEN),
        ([Severity.BROKEN], "lower-cause", None, Status.BLOCKED),
        ([], None, "nothing to do", Status.SKIPPED),
        ([Severity.BROKEN], None, "nothing to do", Status.BROKEN),
    ],
)
def test_a_step_in_one_word(
    severities: list[Severity],
    blocked_by: str | None,
    skipped: str | None,
    status: Status,
) -> None:
    """Blocked before broken before skipped before warned before ok."""
    step = Step(
        layer=Layer.TCP,
        evidence=Evidence(layer=Layer.TCP, skipped=skipped),
        causes=tuple(map(cause, severities)),
        blocked_by=blocked_by,
    )
    assert step.status is status


def test_the_lowest_broken_layer_counts() -> None:
    """A journey's cause is that of its lowest broken step."""
    steps = tuple(
        Step(
            layer=layer,
            evidence=Evidence(layer=layer),
            causes=(cause(Severity.BROKEN, f"{layer}-cause"),),
        )
        for layer in (Layer.DNS, Layer.TCP)
    )
    journey = Journey(endpoint=EndpointKind.REST, target="x:1", steps=steps)
    assert journey.broken is not None
    assert journey.broken.id == "dns-cause"


def test_layers_are_in_the_order_of_need() -> None:
    """The rank of a layer is its place from the bottom."""
    assert [layer.rank for layer in Layer] == list(range(7))
    assert Layer.DNS.rank < Layer.TCP.rank < Layer.TLS.rank < Layer.HTTP.rank


@pytest.mark.parametrize(
    ("host", "text", "literal"),
    [
        ("api.test", "api.test:443", False),
        ("127.0.0.1", "127.0.0.1:443", True),
        ("::1", "[::1]:443", True),
    ],
)
def test_a_target_as_text(host: str, text: str, literal: bool) -> None:
    """IPv6 addresses get brackets; literal addresses are known as such."""
    target = HostPort(host, 443)
    assert str(target) == text
    assert target.is_address is literal
