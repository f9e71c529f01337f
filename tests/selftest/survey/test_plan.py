"""Plans: as far up as is asked, and no further."""

import pytest

from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.survey.plan import plan

pytestmark = pytest.mark.selftest

REST, WEBSOCKET = EndpointKind.REST, EndpointKind.WEBSOCKET
TARGET = HostPort("lab.test", 443)
ENVIRONMENT = Environment(
    name="lab",
    endpoints={kind: Endpoint(kind=kind, target=TARGET) for kind in (REST, WEBSOCKET)},
)


def test_only_what_is_asked() -> None:
    """A question about TLS does not send a request."""
    planned = plan(ENVIRONMENT, {REST: Layer.TLS})
    assert planned.layers(REST) == (Layer.DNS, Layer.TCP, Layer.TLS)
    assert set(planned.heights) == {REST}
    assert not planned.needs_identity


def test_a_websocket_brings_rest_along() -> None:
    """A refused upgrade cannot be judged before REST has tried the key."""
    planned = plan(ENVIRONMENT, {WEBSOCKET: Layer.WEBSOCKET})
    assert planned.layers(REST)[-1] is Layer.AUTH
    assert planned.needs_identity


def test_the_lower_part_of_a_websocket_does_not() -> None:
    """Up to TLS a WebSocket journey needs nobody else."""
    assert set(plan(ENVIRONMENT, {WEBSOCKET: Layer.TLS}).heights) == {WEBSOCKET}
