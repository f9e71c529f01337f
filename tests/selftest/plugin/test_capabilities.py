"""Capabilities in whole runs: what is asked, what is said, and what is written."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kalshi_preflight.plugin.capabilities import STATUS_FILE
from kalshi_preflight.report.schema import schema
from tests.selftest.runs import Run, run_suite

pytestmark = pytest.mark.selftest

#: Words for a cause that was never observed: none of them may be said of a 403.
_GUESSES = ("permission", "approval", "beta", "contact support", "account type")


@pytest.fixture
def diagnosis(tmp_path: Path) -> Path:
    """Where this test's document goes."""
    return tmp_path / "diagnosis.json"


def status_of(diagnosis: Path) -> str:
    """The status report that a run left beside its document."""
    return (diagnosis.parent / "status.md").read_text(encoding="utf-8")


def outcomes(run: Run) -> dict[str, str]:
    """The outcome of each capability test of a verbose run, by its name."""
    pattern = r"test_capabilities\.py::(\w+)\[\w+\] (\w+)"
    return dict(re.findall(pattern, run.screen))


def test_the_flagship(diagnosis: Path) -> None:
    """Origin is refused: WebSocket data is open, 403s are explained, nobody guesses."""
    run = run_suite(diagnosis, "-m", "sandbox", "--fault=ws-origin", "-v")
    assert run.exit_code == 0, run.screen
    assert run.environment["capabilities"]["websocket_market_data"] == "yes"
    status = status_of(diagnosis)
    assert "| WebSocket data | YES |" in status
    assert "Market data: WebSocket" in status
    assert "A client that sends an Origin header sees 403 here" in status
    assert r"suppress\_origin=True" in status
    assert "websocket-client" in status
    assert "ws-origin-refused" in status
    for text in (status, run.screen):
        assert not [word for word in _GUESSES if word in text.lower()]


def test_a_healthy_run_is_measured(diagnosis: Path) -> None:
    """Every question of a plain sandbox run passes; the document is the contract's."""
    run = run_suite(diagnosis, "-m", "sandbox and capabilities", "-v")
    assert run.exit_code == 0, run.screen
    assert run.document is not None
    Draft202012Validator(schema()).validate(run.document)
    assert str(diagnosis.parent / STATUS_FILE) in run.screen
    found = outcomes(run)
    assert len(found) == run.counts["passed"] == 9
    assert set(found.values()) == {"PASSED"}
    measurements = run.environment["measurements"]
    assert measurements["polling"]["answers"] > 0
    assert measurements["streaming"]["frames"] > 0
    assert run.environment["capabilities"]["rest_account"] == "yes"
    assert "no order was tried" in status_of(diagnosis)


@pytest.mark.parametrize(
    ("fault", "question", "cause"),
    [
        ("poll-copies", "test_polling_is_fresh", "http-stale"),
        ("poll-limited", "test_polling_is_within_the_limits", "http-rate-limited"),
        ("stream-gaps", "test_stream_is_whole", "ws-sequence-gap"),
        ("stream-closed", "test_stream_holds", "ws-closed"),
    ],
)
def test_what_is_measured_only_warns(
    diagnosis: Path, fault: str, question: str, cause: str
) -> None:
    """Stale, limited, lossy and dropped: the question passes with its warning, GO."""
    run = run_suite(diagnosis, "-m", "sandbox", f"--fault={fault}", "-v")
    assert run.exit_code == 0, run.screen
    assert run.document is not None
    assert run.document["verdict"] == "go"
    assert run.environment["verdict"] == "degraded"
    assert run.counts["failed"] == 0
    assert rf"{question}[sandbox] PASSED, REMARKED" in run.screen
    warnings = {c["id"]: c["severity"] for c in run.environment["other_causes"]}
    assert warnings == {cause: "warning"}
    assert f"### {cause} (warning" in status_of(diagnosis)


def test_a_closed_way_blocks_its_questions(diagnosis: Path) -> None:
    """The key is refused: what needs it is blocked by that, polling is measured."""
    run = run_suite(diagnosis, "-m", "sandbox", "--fault=key-unknown", "-v")
    assert run.exit_code == 1
    found = outcomes(run)
    assert found["test_signed_reads_are_answered"] == "BLOCKED"
    assert found["test_stream_holds"] == "BLOCKED"
    assert found["test_polling_is_answered"] == "PASSED"
    status = status_of(diagnosis)
    assert "| REST orders | NO |" in status
    assert "auth-key-unknown" in status


def test_measuring_comes_last(diagnosis: Path) -> None:
    """The environment's layers are asked first, whatever the files are called."""
    run = run_suite(diagnosis, "-m", "sandbox", "-v")
    asked = re.findall(r"tests/live/(\w+)\.py::", run.screen)
    first = asked.index("test_capabilities")
    assert set(asked[first:]) - {"test_fix"} == {"test_capabilities"}
    assert "test_websocket" in asked[:first]


def test_longer_measuring_says_what_it_uses(diagnosis: Path) -> None:
    """With --measure the cost is told before anything is used, then the progress."""
    run = run_suite(diagnosis, "-m", "sandbox and capabilities", "--measure=5")
    assert run.exit_code == 0, run.screen
    before = run.screen.index("measuring for 5 s: up to 18 GET requests (180 tokens")
    assert before < run.screen.index("measured 2 of 5 s: sandbox:")
    polling = run.environment["measurements"]["polling"]
    assert (polling["rounds"], polling["interval_ms"]) == (6, 1000)


def test_the_gate_has_the_short_form(diagnosis: Path) -> None:
    """A gate is not kept waiting: --measure changes nothing of it, warnings let it be.

    Its last line is what it always was.
    """
    run = run_suite(
        diagnosis, "-m", "sandbox", "--gate", "--measure=60", "--fault=poll-copies"
    )
    assert run.exit_code == 0, run.screen
    assert run.screen.rstrip().endswith("PREFLIGHT: GO")
    assert run.environment["measurements"]["seconds"] == 1.5
    assert "measuring for" not in run.screen


def test_runs_that_do_not_ask_leave_no_status(diagnosis: Path) -> None:
    """One layer alone measures nothing and writes no status report."""
    run = run_suite(diagnosis, "-m", "sandbox and dns")
    assert run.exit_code == 0, run.screen
    assert "measurements" not in run.environment
    assert not (diagnosis.parent / "status.md").exists()


def test_no_secret_is_in_the_status(diagnosis: Path, tmp_path: Path) -> None:
    """Neither key, signature nor whole key id is written, only what is public."""
    run_suite(diagnosis, "-m", "sandbox and capabilities", f"--basetemp={tmp_path}/run")
    status = status_of(diagnosis)
    assert "PRIVATE KEY" not in status
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", status)
    assert not re.search(r"[A-Za-z0-9+/]{64}", status)
