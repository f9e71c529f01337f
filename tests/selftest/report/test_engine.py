"""The engine in the report: a verdict of its own, both books side by side."""

from typing import Any

import jsonschema
import pytest

from kalshi_preflight.model.cause import Blame, Commands, EngineCause, Hint, Severity
from kalshi_preflight.model.journey import Survey
from kalshi_preflight.report.document import document, engine_record
from kalshi_preflight.report.html import summary_html
from kalshi_preflight.report.schema import schema
from kalshi_preflight.report.terminal import Shell, engine_block, last_line
from tests.selftest.report.surveys import STARTED, TESTS

pytestmark = pytest.mark.selftest

POSIX: Shell = "posix"
DOUBLED = EngineCause(
    id="two-writers",
    severity=Severity.BROKEN,
    blame=Blame.ENGINE,
    question="test_one_engine_writes",
    summary="Two engines write this <b>database</b>.",
    evidence={"rows": 41},
)
HINT = Hint(
    why="They compete for orders.",
    check=Commands(powershell=("Get-Process",), posix=("ps",)),
    fix=Commands(powershell=("# stop one",), posix=("# stop one",)),
)
FACTS: dict[str, Any] = {
    "database": {"cash_cents": 7800, "counts": {"positions": 0, "fills": 0}},
    "account": {"cash_dollars": "0.01", "positions": 18, "fills": 100},
    "positions": [
        {"ticker": "KX-1", "database": "0", "exchange": "3", "exposure_dollars": "1.2"},
        {"ticker": "KX-2", "database": "1", "exchange": None, "exposure_dollars": None},
    ],
}


def made(verdict: str, *causes: EngineCause) -> dict[str, Any]:
    """The document of a run that has asked the engine and nothing else."""
    return document(
        Survey(),
        hints=lambda name, cause: None,
        suite_version="0.1.0",
        started=STARTED,
        duration_ms=12,
        tests=TESTS,
        engine=engine_record(verdict, causes, FACTS, lambda cause: HINT),
    )


def test_a_healthy_engine_alone_is_go() -> None:
    """An engine that was found well is a proof, and the document obeys the schema."""
    whole = made("healthy")
    jsonschema.validate(whole, schema())
    assert last_line(whole) == "PREFLIGHT: GO"


def test_an_engine_that_was_not_read_is_no_proof() -> None:
    """Not checked, and no environment: nothing was surveyed."""
    whole = made("not-checked")
    jsonschema.validate(whole, schema())
    assert last_line(whole) == "PREFLIGHT: NO-GO nothing-surveyed"


def test_an_unhealthy_engine_names_its_cause() -> None:
    """The cause has neither layer nor endpoint, and the last line has its id."""
    whole = made("unhealthy", DOUBLED)
    jsonschema.validate(whole, schema())
    assert "layer" not in whole["engine"]["causes"][0]
    assert last_line(whole) == "PREFLIGHT: NO-GO two-writers"


def test_both_books_stand_side_by_side() -> None:
    """The block shows cash, positions and fills of exchange and database."""
    engine = made("unhealthy", DOUBLED)["engine"]
    block = engine_block(engine, width=80, shell=POSIX, colour=False)
    assert "engine: UNHEALTHY" in block
    assert "ROOT CAUSE  two-writers (blame: engine)" in block
    rows = {line.strip()[:14].strip(): line.split()[-2:] for line in block.splitlines()}
    assert rows["cash"] == ["0.01", "78.00"]
    assert rows["open positions"] == ["18", "0"]
    assert max(map(len, block.splitlines())) <= 80


def test_the_positions_are_a_table() -> None:
    """The page has the positions of both sides, and what a cause says is escaped."""
    page = summary_html(made("unhealthy", DOUBLED))
    assert "two-writers" in page
    assert "KX-1" in page
    assert "not asked" in page
    assert "<b>database</b>" not in page
