"""One line of a ladder tells the fact that is worth most."""

from typing import Any

import pytest

from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.ladder import TELLING, duration, spoken, telling_facts

pytestmark = pytest.mark.selftest


@pytest.mark.parametrize(
    ("layer", "facts", "told"),
    [
        ("dns", {"addresses": list("abcde")}, "a, b, c and 2 more"),
        (
            "tls",
            {"cipher": "X", "days_left": 9, "version": "TLSv1.2"},
            "TLSv1.2, certificate good for 9 days",
        ),
        (
            "http",
            {"status": 503, "trading_active": False},
            "HTTP 503, trading active: no",
        ),
        ("tcp", {"unknown_fact": 7, "nested": {"a": 1}}, "unknown fact 7"),
        ("fix", {"skipped": "not tried"}, "not tried"),
        ("dns", {"addresses": []}, ""),
        ("quic", {"x": {"y": True}}, ""),
        ("dns", None, ""),
    ],
)
def test_the_fact_that_tells_most(layer: str, facts: Any, told: str) -> None:
    """Wished facts come first and in their order; without one, any simple fact."""
    assert telling_facts({"layer": layer, "facts": facts}) == told


def test_every_layer_has_its_facts() -> None:
    """No layer is forgotten in the table."""
    assert list(TELLING) == [layer.value for layer in Layer]


@pytest.mark.parametrize(
    ("elapsed_ms", "told"),
    [(0, "0.0 ms"), (1.94, "1.9 ms"), (412.3, "412 ms"), (5004, "5.00 s"), (None, "-")],
)
def test_times_have_three_digits(elapsed_ms: object, told: str) -> None:
    """A reader gets the digits that matter and the unit."""
    assert duration(elapsed_ms) == told


def test_facts_are_spoken() -> None:
    """Mappings and truth values read like words."""
    assert spoken({"a": True, "b": ["x", 1]}) == "a yes, b x, 1"
