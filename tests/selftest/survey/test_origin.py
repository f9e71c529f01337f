"""The flagship: one header is varied, and nothing else, until the cause is proved."""

from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.credentials import Credentials
from kalshi_preflight.model.journey import Reach
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.surveys import survey_environment
from tests.selftest.test_matrix import check_hint, found

pytestmark = pytest.mark.selftest


def test_the_refusal_is_proved_by_the_header_alone(tmp_path: Path) -> None:
    """Without, with, without again: same address, fresh signatures, one header."""
    with Exchange(tmp_path, faults=["ws-origin"]) as exchange:
        diagnosis = survey_environment(sandbox_environment(exchange.state))
        upgrades = exchange.ledger.upgrades
    (cause,) = found(diagnosis)
    assert (cause.id, cause.severity) == ("ws-origin-refused", Severity.NOTE)
    assert diagnosis.verdict is Reach.REACHABLE
    check_hint(cause)
    statuses = sorted((u.origin is not None, u.status) for u in upgrades)
    # The damaged signature is refused before anybody looks at a header.
    assert statuses == [(False, 101), (False, 101), (False, 401), (True, 403)]
    names = {tuple(name for name, _ in u.headers if name != "Origin") for u in upgrades}
    assert len(names) == 1, "the upgrades differ in more than one header"


def test_nothing_was_refused_but_the_damage(tmp_path: Path) -> None:
    """A healthy exchange sees four upgrades: two plain, with Origin, and damaged."""
    with Exchange(tmp_path) as exchange:
        survey_environment(sandbox_environment(exchange.state))
        upgrades = exchange.ledger.upgrades
    assert sorted(u.status for u in upgrades) == [101, 101, 101, 401]


@pytest.mark.parametrize(
    ("fault", "causes"),
    [
        ("ws-origin-first", ["key-id-missing", "ws-origin-refused"]),
        ("ws-origin", ["key-id-missing"]),
    ],
)
def test_without_credentials(fault: str, causes: list[str], tmp_path: Path) -> None:
    """Refused before the key check, it is proved without a key; else it is unknown."""
    with Exchange(tmp_path, faults=[fault]) as exchange:
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(replace(environment, credentials=Credentials()))
    assert sorted(cause.id for cause in found(diagnosis)) == causes


def test_the_remedy_is_one_argument(tmp_path: Path) -> None:
    """The hint gives the argument of the library that sends the header by default."""
    with Exchange(tmp_path, faults=["ws-origin"]) as exchange:
        (cause,) = found(survey_environment(sandbox_environment(exchange.state)))
    fix = hint_for(cause).fix
    for lines in (fix.posix, fix.powershell):
        assert any("suppress_origin=True" in line for line in lines)


def test_a_box_that_adds_the_header_is_told_apart(tmp_path: Path) -> None:
    """Where none was sent and the refusal is the same, something on the way adds it."""
    with Exchange(tmp_path, faults=["ws-origin-added"]) as exchange:
        (cause,) = found(survey_environment(sandbox_environment(exchange.state)))
    assert cause.id == "ws-forbidden-edge"
    assert "something on the way adds one" in cause.summary
