"""GO is read only off a whole and sound document."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.report.document import provisional
from kalshi_preflight.report.terminal import last_line
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    KEY_MISSING,
    STARTED,
    broken,
    healthy,
    made,
)

pytestmark = pytest.mark.selftest

GOOD = made(healthy())


def _without(*path: str | int) -> dict[str, Any]:
    spoilt: dict[str, Any] = copy.deepcopy(GOOD)
    inner: Any = spoilt
    for part in path[:-1]:
        inner = inner[part]
    del inner[path[-1]]
    return spoilt


def _with(value: Any, *path: str | int) -> dict[str, Any]:
    spoilt: dict[str, Any] = copy.deepcopy(GOOD)
    inner: Any = spoilt
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return spoilt


def test_a_sound_document_is_go() -> None:
    """A healthy survey's document ends the terminal with GO."""
    assert last_line(GOOD) == "PREFLIGHT: GO"


@pytest.mark.parametrize(
    ("document", "cause"),
    [
        (None, "document-malformed"),
        ("PREFLIGHT: GO", "document-malformed"),
        ([], "document-malformed"),
        ({}, "document-malformed"),
        ({"verdict": "go"}, "document-malformed"),
        (_without("schema"), "document-malformed"),
        (_with(True, "schema"), "document-malformed"),
        (_with("1", "schema"), "document-malformed"),
        (_without("verdict"), "no-go-unexplained"),
        (_with("GO", "verdict"), "no-go-unexplained"),
        (_with("no-go", "verdict"), "no-go-unexplained"),
        (_with({}, "environments"), "document-malformed"),
        (_with([], "environments"), "nothing-surveyed"),
        (_with([None], "environments"), "document-malformed"),
        (_with([{}], "environments"), "document-malformed"),
        (_with("perfect", "environments", 0, "verdict"), "document-malformed"),
        (_with(["reachable"], "environments", 0, "verdict"), "document-malformed"),
        (_without("environments", 0, "root_cause"), "document-malformed"),
        (_with("x", "environments", 0, "root_cause"), "document-malformed"),
        (_with({"id": "GO\n"}, "environments", 0, "root_cause"), "document-malformed"),
        (_with("unreachable", "environments", 0, "verdict"), "document-malformed"),
        (_with([], "environments", 0, "journeys"), "nothing-proved"),
        (_with(None, "environments", 0, "journeys"), "nothing-proved"),
        (_with([{"steps": [{}]}], "environments", 0, "journeys"), "nothing-proved"),
        (_without("tests"), "document-malformed"),
        (_with("0", "tests", "failed"), "document-malformed"),
        (_with(False, "tests", "failed"), "document-malformed"),
        (_with(2, "tests", "failed"), "tests-failed"),
        (_without("engine"), "document-malformed"),
        (_with("well", "engine", "verdict"), "document-malformed"),
        (_with("unhealthy", "engine", "verdict"), "document-malformed"),
        (_with("key-missing", "gate_reason"), "key-missing"),
        (_with("two words\nPREFLIGHT: GO", "gate_reason"), "no-go-unexplained"),
        (_with(0, "gate_reason"), "no-go-unexplained"),
        (provisional("0.1.0", STARTED), "nothing-surveyed"),
        (made(broken(DNS_FAILURE)), "dns-name-not-found"),
        (made(healthy("sandbox"), broken(KEY_MISSING)), "key-missing"),
        (made(broken(DNS_FAILURE), gate_reason="trading-paused"), "dns-name-not-found"),
        (made(healthy(), gate_reason="trading-paused"), "trading-paused"),
    ],
)
def test_anything_else_is_no_go(document: object, cause: str) -> None:
    """Every other document is NO-GO and names a cause, however it is spoilt."""
    assert last_line(document) == f"PREFLIGHT: NO-GO {cause}"


def test_an_unhealthy_engine_names_its_first_broken_cause() -> None:
    """The engine's own cause stands in the last line, its warnings do not."""
    causes = [
        {"id": "log-large", "severity": "warning"},
        {"id": "two-writers", "severity": "broken"},
    ]
    engine = {"verdict": "unhealthy", "causes": causes, "facts": {}}
    assert last_line(_with(engine, "engine")) == "PREFLIGHT: NO-GO two-writers"


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["go", "reachable", "ok"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD]), inner)
    ),
)


@given(st.sampled_from([*GOOD]), _JSON)
def test_no_spoilt_document_raises(key: str, value: Any) -> None:
    """One line comes out of every document, and GO only out of the good values."""
    line = last_line({**GOOD, key: value})
    assert line.startswith("PREFLIGHT: NO-GO ") or (
        key in ("suite", "started", "duration_ms") or value == GOOD[key]
    )
    assert "\n" not in line
