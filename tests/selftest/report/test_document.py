"""The document says what was found, in the shape that the contract fixes."""

import json
from typing import Any

import jsonschema
import pytest

from kalshi_preflight.model.evidence import Evidence, Failure
from kalshi_preflight.model.journey import Journey, Reach, Step
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.document import capability, journey_record, provisional
from kalshi_preflight.report.schema import schema
from tests.selftest.report.surveys import (
    CLOCK_WARNING,
    DNS_FAILURE,
    EXPIRED,
    FIX,
    FIX_REFUSED,
    HINTS,
    KEY_MISSING,
    REST,
    SCENES,
    STARTED,
    WEBSOCKET,
    broken,
    degraded,
    diagnosis,
    healthy,
    hostile,
    hostile_hint,
    journey,
    made,
)

pytestmark = pytest.mark.selftest

VALIDATOR = jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_obeys_the_schema(scene: str) -> None:
    """Whatever was found, the document is strict JSON and obeys the schema."""
    hints = hostile_hint if scene == "hostile" else None
    found = made(*SCENES[scene], **({"hints": hints} if hints else {}))
    VALIDATOR.validate(json.loads(json.dumps(found, allow_nan=False)))


def test_the_provisional_document_is_a_whole_no_go() -> None:
    """The first moment of a run leaves a valid document that says no-go."""
    first = provisional("0.1.0", STARTED)
    VALIDATOR.validate(first)
    assert first["verdict"] == "no-go"
    assert first["started"] == "2026-11-21T22:00:00.000Z"


def test_a_cause_is_told_with_its_hint_and_target() -> None:
    """The root cause carries id, blame, remedy and evidence, the target among it."""
    root = made(broken(DNS_FAILURE))["environments"][0]["root_cause"]
    assert (root["id"], root["layer"], root["blame"]) == (
        "dns-name-not-found", "dns", "network",
    )  # fmt: skip
    assert root["evidence"]["target"] == "api.elections.kalshi.com:443"
    assert root["evidence"]["rcode"] == "NXDOMAIN"
    hint = HINTS["dns-name-not-found"]
    assert root["hint"]["check"]["posix"] == list(hint.check.posix)


def test_nothing_broken_has_no_root_cause() -> None:
    """A healthy environment has no root cause; its note is among the others."""
    environment = made(healthy())["environments"][0]
    assert environment["root_cause"] is None
    assert [c["id"] for c in environment["other_causes"]] == ["ws-origin-refused"]


def test_steps_tell_status_time_cause_and_blocker() -> None:
    """A step says what became of it; notes do not count as its cause."""
    way = journey_record(journey(REST, EXPIRED))
    told = [
        (s["status"], s["elapsed_ms"], s["cause"], s["blocked_by"])
        for s in way["steps"]
    ]
    by = "tls-certificate-expired"
    assert told == [
        ("ok", 1.9, None, None),
        ("ok", 17.2, None, None),
        ("broken", 19.0, by, None),
        ("blocked", 0.0, None, by),
        ("blocked", 0.0, None, by),
    ]
    warned = journey_record(journey(REST, CLOCK_WARNING))["steps"][-1]
    assert (warned["status"], warned["cause"]) == ("warned", "clock-skewed")
    noted = made(healthy())["environments"][0]["journeys"][1]["steps"][-1]
    assert (noted["status"], noted["cause"]) == ("ok", None)


def test_a_failure_and_a_reason_to_skip_are_facts() -> None:
    """The raw exception and the reason for skipping stand among the facts."""
    failure = Failure(operation="connect", kind="refused", code=111, chain=("OSError",))
    evidence = Evidence(layer=Layer.TCP, failure=failure, elapsed_ms=float("nan"))
    skipped = Evidence(layer=Layer.DNS, skipped="an address needs no resolver")
    steps = tuple(Step(layer=e.layer, evidence=e) for e in (skipped, evidence))
    first, second = journey_record(Journey(endpoint=REST, target="", steps=steps))[
        "steps"
    ]
    assert first["facts"] == {"skipped": "an address needs no resolver"}
    assert second["facts"]["failure"]["code"] == 111
    assert second["elapsed_ms"] == 0.0


@pytest.mark.parametrize(
    ("way", "layer", "answer"),
    [
        (journey(REST), Layer.HTTP, "yes"),
        (journey(REST, CLOCK_WARNING), Layer.AUTH, "yes"),
        (journey(REST, DNS_FAILURE), Layer.HTTP, "no"),
        (journey(REST, KEY_MISSING), Layer.HTTP, "yes"),
        (journey(REST, KEY_MISSING), Layer.AUTH, "no"),
        (journey(WEBSOCKET, blocked_by="key-missing"), Layer.WEBSOCKET, "unknown"),
        (journey(FIX), Layer.FIX, "unknown"),
        (journey(FIX, FIX_REFUSED), Layer.FIX, "no"),
        (None, Layer.HTTP, "unknown"),
        (journey(WEBSOCKET), Layer.HTTP, "unknown"),
    ],
)
def test_a_capability_is_what_was_shown(
    way: Journey | None, layer: Layer, answer: str
) -> None:
    """Yes if the step was taken and held, no if the way is broken, else unknown."""
    assert capability(way, layer) == answer


@pytest.mark.parametrize(
    ("verdict", "found"),
    [
        ("go", made(healthy())),
        ("go", made(healthy(), degraded())),
        ("go", made(healthy(), selected=["production"])),
        ("no-go", made()),
        ("no-go", made(broken(DNS_FAILURE))),
        ("no-go", made(healthy("sandbox"), broken(KEY_MISSING))),
        ("no-go", made(healthy(), tests={"passed": 30, "failed": 1})),
        ("no-go", made(healthy(), selected=["production", "demo"])),
        ("no-go", made(healthy(), gate_reason="trading-paused")),
        ("no-go", made(healthy(), gate_reason="")),
        ("no-go", made(diagnosis("demo", Journey(endpoint=REST, target="")))),
        ("no-go", made(healthy(), engine={"verdict": "unhealthy", "causes": []})),
        ("no-go", made(diagnosis(root=DNS_FAILURE))),
        ("no-go", made(diagnosis(verdict=Reach.UNREACHABLE))),
    ],
)
def test_go_needs_every_proof(verdict: str, found: dict[str, Any]) -> None:
    """GO only if all that was selected was surveyed, can be reached, and held."""
    assert found["verdict"] == verdict


def test_a_hostile_survey_stays_small_and_one_line_a_text() -> None:
    """Megabytes, escapes and line feeds of a server do not get into the document."""
    text = json.dumps(made(hostile(), hints=hostile_hint), ensure_ascii=False)
    assert len(text) < 100_000
    assert not {"\x1b", "\u202e", "\x9b", "\ud800"} & set(text)
    assert "\\n" not in text


def test_an_engine_that_was_checked_stands_in_the_document() -> None:
    """The engine's part is taken over and obeys the schema."""
    cause = {
        "id": "snapshot-stale",
        "severity": "broken",
        "blame": "engine",
        "summary": "old",
    }
    engine = {"verdict": "unhealthy", "causes": [cause], "facts": {"rows": 3}}
    found = made(healthy(), engine=engine)
    VALIDATOR.validate(found)
    assert found["engine"] == engine
