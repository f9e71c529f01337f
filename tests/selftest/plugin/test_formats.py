"""What other programs read, from whole runs: JUnit, GitHub's runner, Prometheus."""

import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.selftest.engine.workspaces import Workspace
from tests.selftest.plugin.shouting import SHOUTED
from tests.selftest.runs import Run, run_suite

pytestmark = pytest.mark.selftest

Properties = dict[str, str]


@pytest.fixture
def diagnosis(tmp_path: Path) -> Path:
    """Where this test's document goes."""
    return tmp_path / "diagnosis.json"


# --- JUnit ------------------------------------------------------------------------


def properties(node: ET.Element) -> Properties:
    """The properties of a suite or of a test."""
    found = node.findall("properties/property")
    return {each.attrib["name"]: each.attrib["value"] for each in found}


def junit(file: Path) -> tuple[Properties, list[tuple[ET.Element, Properties]]]:
    """The suite's properties, and each test with its own."""
    suite = ET.parse(file).getroot().find("testsuite")  # noqa: S314  # our own file
    assert suite is not None
    return properties(suite), [(c, properties(c)) for c in suite.iter("testcase")]


def test_junit_tells_cause_layer_and_environment(
    diagnosis: Path, tmp_path: Path
) -> None:
    """Every test has its place, a failed one its cause, a blocked one what blocks."""
    file = tmp_path / "junit.xml"
    arguments = ("-m", "sandbox", "--fault=tls-expired", f"--junitxml={file}")
    run = run_suite(diagnosis, *arguments)
    suite, cases = junit(file)
    assert suite["verdict"] == "no-go"
    assert suite["reason"] == suite["sandbox.root_cause"] == "tls-certificate-expired"
    assert suite["sandbox.verdict"] == "unreachable"
    assert suite["engine.verdict"] == "not-checked"
    assert "vantage" in suite
    for case, told in cases:
        assert told["environment"] == "sandbox", case.attrib
        # What a way is worth is asked of no single layer.
        one_layer = not case.attrib["classname"].endswith("test_capabilities")
        places = {"endpoint", "layer"} if one_layer else set()
        assert {*places, "question"} <= set(told), case.attrib
    failed = [(c, told) for c, told in cases if c.find("failure") is not None]
    assert {t["cause"] for _, t in failed} == {"tls-certificate-expired"}
    assert {t["layer"] for _, t in failed} == {"tls"}
    blocked = [t for _, t in cases if "blocked_by" in t]
    assert len(blocked) == run.counts["blocked"]
    assert {t["blocked_by"] for t in blocked} == {"tls-certificate-expired"}
    passed = [t for c, t in cases if len(c) == 1]
    assert not [t for t in passed if {"cause", "blocked_by"} & set(t)]


def test_a_failure_in_junit_has_its_whole_remedy(
    diagnosis: Path, tmp_path: Path
) -> None:
    """Whoever reads only the XML knows what to type."""
    file = tmp_path / "junit.xml"
    run = run_suite(
        diagnosis, "-m", "sandbox", "--fault=key-unknown", f"--junitxml={file}"
    )
    failures = [case.find("failure") for case, _ in junit(file)[1]]
    text = " ".join(each.text or "" for each in failures if each is not None)
    hint = run.environment["root_cause"]["hint"]
    for part in ("check", "fix"):
        commands = [c for c in hint[part]["posix"] if not c.startswith("#")]
        assert all(command in text for command in commands), text


def test_a_warning_in_junit_is_named(diagnosis: Path, tmp_path: Path) -> None:
    """A test that passed with a remark says which."""
    file = tmp_path / "junit.xml"
    arguments = ("-m", "sandbox", "--fault=tls-expiring", f"--junitxml={file}")
    run = run_suite(diagnosis, *arguments)
    found = {(c["severity"], c["id"]) for c in run.environment["other_causes"]}
    told = {pair for _, t in junit(file)[1] for pair in t.items()}
    assert found
    assert found <= told


def test_the_engine_in_junit(diagnosis: Path, tmp_path: Path) -> None:
    """A question about the engine has its layer, subject, question and cause."""
    workspace, file = Workspace(tmp_path / "workspace-scalper"), tmp_path / "junit.xml"
    workspace.write()
    workspace.database.unlink()
    home = f"--v8-home={workspace.home}"
    run = run_suite(diagnosis, "-m", "v8", home, f"--junitxml={file}")
    suite, cases = junit(file)
    assert suite["engine.verdict"] == "unhealthy", run.screen
    assert {told["layer"] for _, told in cases} == {"v8"}
    assert all("question" in told for _, told in cases)
    causes = {told.get("cause") or told.get("blocked_by") for _, told in cases}
    assert suite["reason"] in causes


# --- the screen -------------------------------------------------------------------


def commands_of(cause: dict[str, Any]) -> list[str]:
    """What is to be typed, for this machine's kind of shell."""
    hint = cause["hint"]
    shell = "powershell" if os.name == "nt" else "posix"
    lines = [*hint["check"][shell], *hint["fix"][shell]]
    return [line for line in lines if not line.startswith("#")]


def test_a_remedy_stands_on_the_screen_once(diagnosis: Path) -> None:
    """However many tests fail for the root cause, its commands are shown once."""
    run = run_suite(diagnosis, "-m", "sandbox", "--fault=tls-expired")
    assert run.counts["failed"] == 2
    lines = [line.strip() for line in run.screen.splitlines()]
    for command in commands_of(run.environment["root_cause"]):
        assert lines.count(command) == 1, run.screen
    assert lines.count("Fix    see ROOT CAUSE, below") == 2


def test_a_failure_of_another_cause_keeps_its_remedy(diagnosis: Path) -> None:
    """What the verdict only mentions is told whole where its test failed."""
    faults = ("--fault=http-not-found", "--fault=ws-closed")
    run = run_suite(diagnosis, "-m", "sandbox", *faults)
    broken = [c for c in run.environment["other_causes"] if c["severity"] == "broken"]
    (other,) = [c for c in broken if c["endpoint"] == "websocket"]
    lines = [line.strip() for line in run.screen.splitlines()]
    assert set(commands_of(other)) <= set(lines), run.screen


# --- GitHub's runner --------------------------------------------------------------


def on_github(
    diagnosis: Path, *arguments: str, summary: Path | None = None
) -> tuple[Run, list[str]]:
    """A run as a GitHub job makes it, and every command that its runner would obey."""
    variables = {"GITHUB_ACTIONS": "true"}
    if summary is not None:
        variables["GITHUB_STEP_SUMMARY"] = str(summary)
    shouting = ("-p", "tests.selftest.plugin.shouting")
    run = run_suite(diagnosis, *arguments, *shouting, variables=variables)
    return run, obeyed(run.screen)


def obeyed(screen: str) -> list[str]:
    """The lines of an output that a runner takes for commands.

    As its ``ActionCommandManager`` reads them: after ``stop-commands`` nothing but the
    token counts, blanks before a command do not.
    """
    found, token = [], None
    for line in map(str.strip, screen.splitlines()):
        if token is not None:
            token = None if line == f"::{token}::" else token
        elif line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
        elif re.match(r"::[a-z-]+.*::", line) or "##[" in line:
            found.append(line)
    return found


def test_nothing_on_the_screen_commands_the_runner(diagnosis: Path) -> None:
    """Of all the lines that look like commands, ours alone are obeyed."""
    run, commands = on_github(diagnosis, "-m", "sandbox", "--fault=tls-expired")
    for line in SHOUTED:
        assert line in run.screen.splitlines()
    assert len(commands) == 1, commands
    assert commands[0].startswith("::error title=sandbox%3A tls-certificate-expired ")


def test_a_healthy_run_commands_nothing(diagnosis: Path) -> None:
    """A run that is go has no annotations; the gate's last line stays the last."""
    run, commands = on_github(diagnosis, "-m", "sandbox", "--gate")
    assert commands == []
    assert run.screen.splitlines()[-1] == "PREFLIGHT: GO"


def test_no_command_is_printed_elsewhere(diagnosis: Path) -> None:
    """On a machine that is no runner nothing of it is on the screen."""
    run = run_suite(diagnosis, "-m", "sandbox and dns")
    assert "::" not in re.sub(r"\.py::", "", run.screen)


def test_the_job_summary_grows(diagnosis: Path, tmp_path: Path) -> None:
    """Each run of a step appends its page to the job's summary."""
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    on_github(diagnosis, "-m", "sandbox", "--fault=dns-nxdomain", summary=summary)
    page = summary.read_text(encoding="utf-8")
    assert page.startswith("# Before\n")
    assert "| environment | endpoint | dns |" in page
    assert "\n```powershell\n" in page


def test_a_summary_that_cannot_be_written_is_a_warning(
    diagnosis: Path, tmp_path: Path
) -> None:
    """The verdict stands, and the run says what is missing."""
    run, _ = on_github(diagnosis, "-m", "sandbox and dns", summary=tmp_path)
    assert run.exit_code == 0
    assert "the job's summary was not written" in run.screen


# --- Prometheus -------------------------------------------------------------------


def metrics(file: Path) -> dict[str, set[float]]:
    """The values of each metric."""
    text = file.read_text(encoding="utf-8")
    found: dict[str, set[float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert sample.labels["environment"] == "sandbox"
            found.setdefault(sample.name, set()).add(sample.value)
    return found


def test_metrics_of_a_healthy_run(diagnosis: Path, tmp_path: Path) -> None:
    """Up, with the certificate's days, the clock's seconds and the time of the run."""
    file = tmp_path / "textfile" / "preflight.prom"
    run = run_suite(diagnosis, "-m", "sandbox", f"--metrics={file}")
    assert run.exit_code == 0, run.screen
    found = metrics(file)
    assert found["kalshi_preflight_up"] == found["kalshi_preflight_go"] == {1}
    assert found["kalshi_preflight_certificate_days_left"] == {89}
    (skew,) = found["kalshi_preflight_clock_skew_seconds"]
    assert abs(skew) < 5
    assert found["kalshi_preflight_last_run_timestamp_seconds"]
    assert [path.name for path in file.parent.iterdir()] == ["preflight.prom"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["-m", "sandbox", "-p", "tests.selftest.plugin.crash"],
        ["-m", "sandbox", "--collect-only"],
        ["-m", "tls"],
        ["-m", "sandbox", "--no-such-option"],
    ],
    ids=["crashed", "only collected", "nothing selected", "usage error"],
)
def test_a_run_that_judges_nothing_leaves_the_old_metrics(
    diagnosis: Path, tmp_path: Path, arguments: list[str]
) -> None:
    """The old file stays as it is: its time grows old, and that is the alarm."""
    file = tmp_path / "preflight.prom"
    file.write_text("# the run before\n", encoding="utf-8")
    run = run_suite(diagnosis, *arguments, f"--metrics={file}")
    assert file.read_text(encoding="utf-8") == "# the run before\n", run.screen


def test_metrics_that_cannot_be_written_are_a_warning(
    diagnosis: Path, tmp_path: Path
) -> None:
    """The verdict stands, and the run says what is missing."""
    run = run_suite(diagnosis, "-m", "sandbox and dns", f"--metrics={tmp_path}")
    assert run.exit_code == 0
    assert "--metrics: " in run.screen
    assert "was not written" in run.screen
