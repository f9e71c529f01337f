"""The waterfall: bars in their places, and the parts of a step."""

import itertools
from typing import Any

import pytest

from kalshi_preflight.report.waterfall import (
    Part,
    parts,
    scale_ms,
    ticks,
    total_ms,
    waterfall,
)
from tests.selftest.report.surveys import DNS_FAILURE, broken, degraded, made

pytestmark = pytest.mark.selftest


def step(layer: str, whole_ms: float = 100.0, **facts: Any) -> dict[str, Any]:
    """A step of the document that held, and took ``whole_ms``."""
    return {"layer": layer, "status": "ok", "elapsed_ms": whole_ms, "facts": facts}


def told(given: dict[str, Any]) -> list[tuple[str, float, float]]:
    """The parts of a step, as name, beginning and length."""
    return [(p.name, p.begin_ms, round(p.elapsed_ms, 1)) for p in parts(given)]


def test_each_step_begins_where_the_last_one_ended() -> None:
    """Bars follow one another, stay within the whole, and vanish where nothing ran."""
    journey = made(degraded())["environments"][0]["journeys"][0]
    bars = [bar for bar in waterfall(journey) if bar.step is not None]
    for bar, following in itertools.pairwise(bars):
        assert bar.begin + bar.width <= following.begin + 1  # short ones are widened
    assert bars[-1].begin + bars[-1].width == pytest.approx(100, abs=0.1)
    blocked = made(broken(DNS_FAILURE))["environments"][0]["journeys"][0]
    assert [bar.width for bar in waterfall(blocked)] == [100.0, 0.0, 0.0, 0.0, 0.0]


def test_one_scale_for_all_journeys_of_an_environment() -> None:
    """On a longer journey's scale, a shorter one's bars end before the edge."""
    journeys = made(degraded())["environments"][0]["journeys"]
    shortest = min(journeys, key=total_ms)
    whole = scale_ms(journeys)
    last = list(waterfall(shortest, whole))[-1]
    assert last.begin + last.width < 100
    assert scale_ms([]) == 0.0


def test_an_http_step_has_request_first_byte_and_answer() -> None:
    """The parts follow one another; a part begins where the one before it ends."""
    given = step("http", request_ms=1.0, first_byte_ms=21.0, elapsed_ms=30.0)
    assert told(given) == [
        ("request", 0.0, 1.0),
        ("first byte", 1.0, 20.0),
        ("whole answer", 21.0, 9.0),
    ]


def test_a_request_that_nobody_answered_waits_to_the_end() -> None:
    """Without a first byte the wait is as long as the rest of the step."""
    assert told(step("http", 5000.0, request_ms=1.0)) == [
        ("request", 0.0, 1.0),
        ("no answer", 1.0, 4999.0),
    ]


def test_an_auth_step_has_its_negative_control() -> None:
    """The damaged request is drawn where it was sent."""
    balance = {"begun_ms": 5.0, "request_ms": 1.0, "first_byte_ms": 9.0}
    damaged = {"begun_ms": 50.0, "elapsed_ms": 8.0}
    assert told(step("auth", balance=balance, damaged=damaged)) == [
        ("signed request", 5.0, 1.0),
        ("first byte", 6.0, 8.0),
        ("negative control", 50.0, 8.0),
    ]


def test_acknowledgement_and_pong_begin_after_the_upgrade() -> None:
    """Both were asked for at once; the other upgrades flew beside all of it."""
    upgrade = {"request_ms": 1.0, "elapsed_ms": 20.0}
    given = step(
        "websocket", upgrade=upgrade, acknowledged_ms=7.0, pong_ms=8.0, varied_ms=40.0
    )
    assert told(given) == [
        ("upgrade", 0.0, 20.0),
        ("acknowledgement", 20.0, 7.0),
        ("pong", 20.0, 8.0),
        ("other upgrades", 0.0, 40.0),
    ]


def test_an_upgrade_that_nobody_answered_fills_the_step() -> None:
    """A request that left without an answer is shown, and not left out."""
    assert told(step("websocket", upgrade={"request_ms": 1.0})) == [
        ("upgrade", 0.0, 100.0)
    ]


def test_a_fix_session_ends_with_the_step() -> None:
    """What is signed before the logon leaves a gap at the beginning."""
    given = step("fix", logon_ms=30.0, heartbeat_ms=10.0, logout={"elapsed_ms": 5.0})
    assert told(given) == [
        ("logon", 55.0, 30.0),
        ("heartbeat", 85.0, 10.0),
        ("logout", 95.0, 5.0),
    ]


@pytest.mark.parametrize("odd", [None, "soon", True, [], -3.0])
def test_odd_times_do_no_harm(odd: Any) -> None:
    """A time that is none draws nothing wrong and raises nothing."""
    given = step("http", request_ms=odd, first_byte_ms=odd, elapsed_ms=odd)
    assert all(isinstance(p, Part) and p.elapsed_ms >= 0 for p in parts(given))
    assert parts(step("auth", balance=odd, damaged=odd)) == []


@pytest.mark.parametrize("whole", [0.4, 7.0, 112.0, 5000.0, 61_234.5])
def test_a_scale_has_a_few_round_marks(whole: float) -> None:
    """From zero on, at most six, all within the whole."""
    marks = ticks(whole)
    assert marks[0] == (0.0, 0.0)
    assert 2 <= len(marks) <= 6
    assert all(place <= 100 and time <= whole for place, time in marks)


def test_no_time_no_scale() -> None:
    """A journey that never began has no marks."""
    assert ticks(0.0) == []
