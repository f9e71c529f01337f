"""What a reader looks for first, picked from the document."""

from typing import Any

import pytest

from kalshi_preflight.report.particulars import (
    REASONS,
    books,
    certificates,
    clock,
    clock_in_words,
    leading,
    others,
    positions,
)
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    broken,
    degraded,
    healthy,
    made,
)

pytestmark = pytest.mark.selftest


def engine(**facts: Any) -> dict[str, Any]:
    """An engine of the document with these facts."""
    return {"verdict": "unhealthy", "causes": [], "facts": facts}


def test_the_root_cause_leads_wherever_it_stands() -> None:
    """A degraded environment before a broken one does not hide it."""
    found = leading(made(degraded(), broken(DNS_FAILURE)))
    assert found is not None
    assert (found.place, found.cause["id"]) == ("production", "dns-name-not-found")


def test_after_a_go_the_gravest_leads() -> None:
    """What is broken but not required comes before a warning."""
    found = leading(made(degraded()))
    assert found is not None
    assert found.cause["id"] == "fix-logon-tier"


def test_nothing_found_nothing_leads() -> None:
    """A NO-GO for want of proof has words, and no cause."""
    assert leading(made()) is None
    assert "nothing-surveyed" in REASONS


def test_the_engines_cause_leads_where_it_decided() -> None:
    """With every environment well, the engine's first broken cause is the one."""
    cause = {"id": "two-writers", "severity": "broken", "blame": "engine"}
    ill = {**engine(), "causes": [{**cause, "summary": "Two."}]}
    found = leading({**made(healthy()), "verdict": "no-go", "engine": ill})
    assert found is not None
    assert (found.place, found.cause["id"]) == ("engine", "two-writers")


def test_each_other_cause_is_told_once() -> None:
    """The same cause on two endpoints is one cause; the one at the top is known."""
    environment = made(degraded())["environments"][0]
    clock_warning = environment["other_causes"][0]
    again = {**clock_warning, "endpoint": "websocket"}
    environment["other_causes"].append(again)
    told = {cause["id"]: ends for cause, ends in others(environment, None)}
    assert told["clock-skewed"] == ["rest", "websocket"]
    top = leading(made(degraded()))
    assert "fix-logon-tier" not in [c["id"] for c, _ in others(environment, top)]


def test_certificates_and_clock_are_found_where_probes_put_them() -> None:
    """One certificate for each target; the last word about the clock counts."""
    facts: list[dict[str, Any]] = [
        {"not_after": "2027-01-01T00:00:00Z"},
        {"clock_offset_seconds": 0.0},
        {"clock_offset_seconds": -3.1},
    ]
    steps = [{"layer": "tls", "facts": each} for each in facts]
    journeys = [{"target": "host:443", "steps": steps}] * 2
    environment = {"journeys": journeys}
    assert certificates(environment) == [("host:443", facts[0])]
    assert clock(environment) == facts[2]
    assert clock({"journeys": []}) is None


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (-0.0, "agrees with the exchange's to half a second"),
        (0.4, "agrees with the exchange's to half a second"),
        (2.0, "2.0 s ahead of the exchange's"),
        (-3.14, "3.1 s behind the exchange's"),
    ],
)
def test_the_clock_in_words(offset: float, words: str) -> None:
    """Ahead or behind, never plus or minus."""
    assert clock_in_words({"clock_offset_seconds": offset}) == words


def test_books_need_an_account() -> None:
    """Cash of the exchange and of the database stand side by side."""
    base = {"counts": {"fills": 0, "positions": 0}, "cash_cents": 7800}
    account = {"cash_dollars": "0.01", "fills": 100}
    told = {
        words: (a, b) for words, a, b in books(engine(account=account, database=base))
    }
    assert told["cash"] == ("$0.01", "$78.00")
    assert told["fills"] == ("100", "0")
    assert told["resting orders"][1] == "\N{EN DASH}"
    assert books(engine(database=base)) == []


def test_positions_that_differ_come_first() -> None:
    """``3`` and ``3.00`` agree; what was not asked is unknown."""
    rows = [
        {"ticker": "A", "exchange": "3.00", "database": "3"},
        {"ticker": "B", "exchange": "5", "database": "0"},
        {"ticker": "C", "exchange": None, "database": "1"},
    ]
    told = [(row["ticker"], row["agrees"]) for row in positions(engine(positions=rows))]
    assert told == [("B", False), ("A", True), ("C", None)]
    assert positions(engine()) == []
