"""The metrics are what the document says, in a text that Prometheus can read."""

import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from kalshi_preflight.report.metrics import METRICS, metrics_text
from tests.selftest.report.surveys import (
    EXPIRED,
    SCENES,
    STARTED,
    broken,
    catalogue,
    degraded,
    healthy,
    hostile_hint,
    made,
)

pytestmark = pytest.mark.selftest

Labels = frozenset[tuple[str, str]]


def series(document: Any) -> dict[tuple[str, Labels], float]:
    """Every sample of the metrics, by name (without our prefix) and labels."""
    text = metrics_text(document) or ""
    found: dict[tuple[str, Labels], float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            name = sample.name.removeprefix("kalshi_preflight_")
            key = name, frozenset(sample.labels.items())
            assert key not in found, f"told twice: {key}"
            found[key] = sample.value
    return found


def value(document: Any, name: str, **labels: str) -> float | None:
    """One sample, by name and all of its labels but the vantage."""
    wanted = frozenset({"vantage": "", **labels}.items())
    return series(document).get((name, wanted))


@pytest.mark.parametrize("scene", SCENES)
def test_every_series_is_declared_and_told_once(scene: str) -> None:
    """Each series has its declared labels, type and help, and is there once."""
    hints = hostile_hint if scene == "hostile" else catalogue
    document = made(*SCENES[scene], hints=hints, engine=None)
    text = metrics_text(document)
    assert (text is None) == (scene == "nothing")
    assert text is None or text.endswith("\n")
    for name, labels in series(document):
        said = METRICS[name]
        names = {label for label, _ in labels}
        assert names == {"environment", "vantage", *said[1]}, name
    for family in text_string_to_metric_families(text or ""):
        assert family.type == "gauge"
        assert family.documentation


def test_a_healthy_environment_is_up() -> None:
    """Up and go are 1; steps have seconds, the certificate days, the run its end."""
    document = made(healthy())
    where = {"environment": "production"}
    rest = {**where, "endpoint": "rest"}
    assert value(document, "up", **where) == 1
    assert value(document, "go", **where) == 1
    assert value(document, "verdict_info", **where, verdict="reachable") == 1
    assert value(document, "step_seconds", **rest, layer="dns") == 0.0019
    assert value(document, "step_ok", **rest, layer="auth") == 1
    assert value(document, "certificate_days_left", **rest) == 61
    ended = STARTED.timestamp() + 0.412
    assert value(document, "last_run_timestamp_seconds", **where) == ended
    assert value(document, "run_duration_seconds", **where) == 0.412


def test_a_step_that_was_not_taken_has_no_seconds() -> None:
    """Blocked is not ok and took no time; skipped is neither ok nor not ok."""
    document = made(broken(EXPIRED), healthy("demo"))
    rest = {"environment": "production", "endpoint": "rest", "layer": "http"}
    assert value(document, "step_ok", **rest) == 0
    assert value(document, "step_seconds", **rest) is None
    fix = {"environment": "demo", "endpoint": "fix", "layer": "fix"}
    assert value(document, "step_ok", **fix) is None
    assert value(document, "step_seconds", **fix) is None


def test_the_root_cause_is_named() -> None:
    """The cause info tells id, layer, blame, and which one is the root."""
    document = made(broken(EXPIRED), degraded())
    root = {
        "cause": "tls-certificate-expired",
        "layer": "tls",
        "endpoint": "rest",
        "severity": "broken",
        "blame": "exchange",
    }
    production = {"environment": "production"}
    assert value(document, "cause_info", **production, **root, root="true") == 1
    assert value(document, "up", **production) == 0
    assert value(document, "go", environment="demo") == 0, "the run was no go"
    assert value(document, "up", environment="demo") == 1
    roots = [
        labels
        for name, labels in series(document)
        if name == "cause_info" and ("root", "true") in labels
    ]
    assert len(roots) == 1


def test_an_expired_certificate_has_days_below_zero() -> None:
    """An alert on few days does not fall silent when they are over."""
    document = made(broken(EXPIRED))
    root = document["environments"][0]["root_cause"]
    root["evidence"]["days_past"] = 2
    rest = {"environment": "production", "endpoint": "rest"}
    assert value(document, "certificate_days_left", **rest) == -3


def test_the_certificate_that_ends_first_counts() -> None:
    """Of a chain the shortest life is told, not the server's own."""
    document = made(healthy())
    tls = document["environments"][0]["journeys"][0]["steps"][2]
    tls["facts"]["ends_first"] = {"days_left": 4}
    rest = {"environment": "production", "endpoint": "rest"}
    assert value(document, "certificate_days_left", **rest) == 4


def test_the_clock_is_the_offset_seen_last() -> None:
    """The skew is that of the highest step which saw the exchange's time."""
    document = made(healthy())
    assert value(document, "clock_skew_seconds", environment="production") is None
    steps = document["environments"][0]["journeys"][0]["steps"]
    steps[3]["facts"]["clock_offset_seconds"] = -1.5
    steps[4]["facts"]["clock_offset_seconds"] = -2.5
    assert value(document, "clock_skew_seconds", environment="production") == -2.5


def test_the_engine_is_an_environment_of_its_own() -> None:
    """Health, age and causes of the engine stand under ``v8``."""
    cause: dict[str, Any] = {
        "id": "snapshot-stale",
        "severity": "broken",
        "blame": "engine",
        "summary": "x",
        "hint": None,
        "evidence": {},
    }
    engine = {
        "verdict": "unhealthy",
        "causes": [cause],
        "facts": {"database": {"newest_snapshot_age_seconds": 812.5}},
    }
    document = made(engine=engine) | {"vantage": "lab-1"}
    found = series(document)
    where = frozenset({("environment", "v8"), ("vantage", "lab-1")})
    assert found["engine_healthy", where] == 0
    assert found["engine_snapshot_age_seconds", where] == 812.5
    assert ("last_run_timestamp_seconds", where) in found
    assert [name for name, _ in found].count("cause_info") == 1


def test_a_run_that_judged_nothing_has_no_metrics() -> None:
    """Then the old file stays, and its time grows old: the dead man's signal."""
    assert metrics_text(made()) is None


_FACT: Any = st.none() | st.booleans() | st.floats() | st.text() | st.integers()


@settings(max_examples=50)
@given(_FACT, _FACT, st.text())
@example(math.nan, math.inf, 'a"b\\c\nd')
def test_strange_facts_and_vantages_stay_readable(
    days: object, offset: object, vantage: str
) -> None:
    """Whatever a server made of a fact, or a user of a name, the text can be parsed."""
    document = made(healthy()) | {"vantage": vantage}
    steps = document["environments"][0]["journeys"][0]["steps"]
    steps[2]["facts"]["days_left"] = days
    steps[4]["facts"]["clock_offset_seconds"] = offset
    found = series(document)
    assert len({dict(labels)["vantage"] for _, labels in found}) == 1
    assert all(map(math.isfinite, found.values())), "what is no number is not told"
