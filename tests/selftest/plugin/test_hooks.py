"""The hooks: anybody may replace a hint, and receives the finished document."""

import json
from pathlib import Path

import pytest

from tests.selftest.runs import ROOT, run_suite

pytestmark = pytest.mark.selftest


def test_a_hint_is_replaced_and_the_document_received(tmp_path: Path) -> None:
    """A hint from outside is everywhere; the receiver gets what was written."""
    received = tmp_path / "received.json"
    run = run_suite(
        tmp_path / "diagnosis.json",
        "-m",
        "sandbox",
        "--fault=tcp-refused",
        "-p",
        "tests.selftest.plugin.own_hooks",
        variables={"RECEIVED": str(received)},
    )
    assert run.environment["root_cause"]["hint"]["why"] == "Ask Ada."
    assert "# call 4711: localhost" in run.screen
    assert json.loads(received.read_text(encoding="utf-8")) == run.document


def test_the_catalogue_is_the_last_implementation(tmp_path: Path) -> None:
    """A hint that nobody replaces is the suite's own."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        "-m",
        "sandbox",
        "--fault=http-not-found",
        "-p",
        "tests.selftest.plugin.own_hooks",
        variables={"RECEIVED": str(tmp_path / "received.json")},
    )
    root = run.environment["root_cause"]
    assert root["id"] == "http-not-found"
    assert root["hint"]["why"] != "Ask Ada."
    assert root["hint"]["fix"]["powershell"]


@pytest.mark.parametrize(
    ("options", "first"),
    [([], "REACHABLE"), (["--junitxml={0}/junit.xml"], "received")],
    ids=["verdict first", "what JUnit takes up first"],
)
def test_the_verdict_waits_for_no_report(
    tmp_path: Path, options: list[str], first: str
) -> None:
    """People read the verdict before anything is made from it; files need it sooner."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-m", "sandbox", "-p", "tests.selftest.plugin.own_hooks"),
        *(option.format(tmp_path) for option in options),
        variables={"RECEIVED": str(tmp_path / "received.json")},
    )
    places = {word: run.screen.index(word) for word in ("REACHABLE", "received")}
    assert min(places, key=places.__getitem__) == first, run.screen


def test_only_the_first_question_is_timed(tmp_path: Path) -> None:
    """Of our own questions the one that waits for the survey has a timer, no other."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-m", "sandbox and not capabilities"),
        *("-p", "tests.selftest.plugin.timed"),
    )
    assert "timed tests: 1 of 52" in run.screen


def test_questions_of_others_are_timed_as_ever(tmp_path: Path) -> None:
    """A question of the user's own, which may wait for anything, keeps its timer."""
    own = tmp_path / "test_own.py"
    own.write_text(
        "import pytest\n\n\n"
        "@pytest.mark.tls\n"
        "def test_own(tls, endpoint):\n"
        '    """Is there a version?"""\n'
        '    assert tls["version"]\n',
        encoding="utf-8",
    )
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-m", "sandbox and tls", "-p", "tests.selftest.plugin.timed"),
        *(f"-c{ROOT}/pyproject.toml", f"--rootdir={ROOT}"),
        str(ROOT / "tests" / "live" / "test_tls.py"),
        str(own),
    )
    first, endpoints = 1, 3
    assert f"timed tests: {first + endpoints} of " in run.screen, run.screen
