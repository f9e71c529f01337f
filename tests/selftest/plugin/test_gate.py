"""The gate stays shut, however a run ends well that proved nothing."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

import pytest
from jsonschema import Draft202012Validator

from kalshi_preflight.plugin.capabilities import STATUS_FILE
from kalshi_preflight.plugin.questions import questions_in
from kalshi_preflight.report.schema import schema
from tests.selftest.long import rounds
from tests.selftest.runs import ROOT, Run, run_suite

# Whole runs, up to three a test: on a busy machine they take their time.
pytestmark = [pytest.mark.selftest, pytest.mark.timeout(180)]

GO = "PREFLIGHT: GO"
GATE = ("-m", "sandbox", "--gate")
BYPASSES = ("-p", "tests.selftest.plugin.bypasses")


@pytest.fixture
def diagnosis(tmp_path: Path) -> Path:
    """Where this test's document goes; a go of yesterday lies there."""
    path = tmp_path / "diagnosis.json"
    path.write_text('{"schema": 1, "verdict": "go", "token": "yesterday"}', "utf-8")
    return path


def assert_shut(run: Run) -> None:
    """No document of this run says go, no last line does, and no go has exit code 0."""
    document = run.document or {}
    ours = document.get("token") == "today"
    assert not (ours and document["verdict"] == "go"), run.screen
    assert GO not in run.screen.splitlines()
    if ours:
        Draft202012Validator(schema()).validate(document)


TODAY = {"PREFLIGHT_TOKEN": "today"}


def test_a_whole_run_is_a_go(diagnosis: Path) -> None:
    """With nothing in the way the same command opens the gate, with our token."""
    run = run_suite(diagnosis, *GATE, *BYPASSES, variables=TODAY)
    assert run.exit_code == 0, run.screen
    assert run.screen.splitlines()[-1] == GO
    assert run.document is not None
    assert (run.document["verdict"], run.document["token"]) == ("go", "today")


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["-k", "test_upgrade_succeeds or test_balance"], 1, "questions-not-asked"),
        (["-k", "not test_tls_version"], 1, "questions-not-asked"),
        (["--deselect=tests/live/test_tls.py"], 1, "questions-not-asked"),
        (["--ignore=tests/live/test_tls.py"], 1, "questions-not-asked"),
        (["tests/live/test_auth.py", "tests/live/test_websocket.py"], 1, "questions-"),
        (["-opython_functions=test_balance*"], 1, "layer-not-proved"),
        (["--maxfail=1", "--fault=tls-expired"], 1, "tls-certificate-expired"),
        (["-x", "--fault=dns-nxdomain"], 1, "dns-name-not-found"),
        (["--deselect=tests"], 5, "nothing-surveyed"),
        (["-m", "selftest", "--ignore=tests/selftest"], 5, "nothing-surveyed"),
        (["-m", "v8"], None, "nothing-surveyed"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_smaller_run_is_a_no(
    diagnosis: Path, arguments: list[str], code: int | None, reason: str
) -> None:
    """Whatever takes questions away keeps the gate shut, and the last line says so."""
    run = run_suite(diagnosis, *GATE, *arguments, variables=TODAY)
    assert_shut(run)
    assert run.exit_code != 0, run.screen
    assert code is None or run.exit_code == code, run.screen
    last = run.screen.splitlines()[-1]
    assert last.startswith(f"PREFLIGHT: NO-GO {reason}"), last


@pytest.mark.parametrize("option", ["--lf", "--sw"])
def test_what_failed_last_time_is_not_all(
    diagnosis: Path, tmp_path: Path, option: str
) -> None:
    """After a failure --lf and --sw ask a part of the questions: that is a no."""
    cache = ("-pcacheprovider", "-pstepwise", f"-ocache_dir={tmp_path}/cache")
    first = run_suite(diagnosis, *GATE, *cache, option, "--fault=ws-401")
    assert first.exit_code in (1, 2), first.screen  # --sw interrupts itself
    run = run_suite(diagnosis, *GATE, *cache, option, variables=TODAY)
    assert_shut(run)
    assert run.exit_code == 1, run.screen


@pytest.mark.parametrize(
    "arguments",
    [
        ["--setup-only"],
        ["--setup-plan"],
        ["--markers"],
        ["-pno:kalshi_preflight.plugin.reporting"],
        ["-pno:kalshi_preflight.plugin.questions"],
        ["-pno:kalshi_preflight.plugin.lock"],
        ["-pno:kalshi_preflight.plugin.options"],
        ["-pno:kalshi_preflight.plugin.outcome"],
        ["-pno:kalshi_preflight.plugin"],
        ["--noconftest"],
        ["--rootdir=/"],
        ["-c{other}"],
        ["-c{other}", f"--rootdir={ROOT}"],
    ],
    ids=" ".join,
)
def test_what_changes_the_proof_is_refused(
    diagnosis: Path, tmp_path: Path, arguments: list[str]
) -> None:
    """An option that shows only, or that takes part of the suite away, is exit 4."""
    other = tmp_path / "other.ini"
    other.write_text(f"[pytest]\npythonpath = {ROOT}/src {ROOT}\n", encoding="utf-8")
    told = [argument.format(other=other) for argument in arguments]
    run = run_suite(diagnosis, *GATE, *told, variables=TODAY)
    assert run.exit_code == 4, run.screen
    assert_shut(run)


@pytest.mark.parametrize("addopts", ["--co", "--setup-plan", "-k nothing", "--lf -x"])
def test_the_callers_addopts_open_nothing(diagnosis: Path, addopts: str) -> None:
    """PYTEST_ADDOPTS is part of the command line, and is judged like it."""
    variables = {**TODAY, "PYTEST_ADDOPTS": addopts}
    run = run_suite(diagnosis, *GATE, "-k", "test_balance", variables=variables)
    assert_shut(run)
    assert run.exit_code != 0, run.screen


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("reports", "tls-expired"),
        ("exit status", "tls-expired"),
        ("all skipped", None),
        ("one skipped", None),
        ("all expected to fail", None),
        ("items dropped", None),
        ("nothing collected", None),
        ("exit in a test", None),
        ("exit in the last test", None),
        ("crash in the middle", None),
        ("crash at the end", None),
    ],
)
def test_no_plugin_opens_the_gate(diagnosis: Path, way: str, fault: str | None) -> None:
    """A plugin that changes reports, status or items, or breaks, makes it a no."""
    faults = [f"--fault={fault}"] if fault else []
    run = run_suite(
        diagnosis, *GATE, *BYPASSES, *faults, variables={**TODAY, "BYPASS": way}
    )
    assert_shut(run)
    assert run.exit_code != 0, run.screen
    assert run.document is not None
    assert run.document["verdict"] == "no-go", "and not yesterday's"


@pytest.mark.parametrize("fault", ["tls-expired", None])
def test_an_end_that_nobody_sees_is_told_by_the_document(
    diagnosis: Path, fault: str | None
) -> None:
    """``os._exit(0)`` in a test leaves exit code 0, no last line, and a no-go."""
    faults = [f"--fault={fault}"] if fault else []
    variables = {**TODAY, "BYPASS": "os._exit in a test"}
    run = run_suite(diagnosis, *GATE, *BYPASSES, *faults, variables=variables)
    assert run.exit_code == 0, "pytest cannot help it: so nobody may trust the code"
    assert "PREFLIGHT" not in run.screen
    assert run.document is not None
    assert (run.document["verdict"], run.document["token"]) == ("no-go", "today")


def test_an_end_after_a_no_does_not_make_it_a_go(diagnosis: Path) -> None:
    """``os._exit(0)`` at the very end leaves the no-go that was found."""
    variables = {**TODAY, "BYPASS": "os._exit at the end"}
    run = run_suite(
        diagnosis, *GATE, *BYPASSES, "--fault=tls-expired", variables=variables
    )
    assert_shut(run)
    assert run.environment["root_cause"]["id"] == "tls-certificate-expired"


def test_the_questions_are_those_that_pytest_asks() -> None:
    """The names read off the files are the tests that pytest collects there."""
    for file in sorted((ROOT / "tests" / "live").glob("test_*.py")):
        subject = file.stem.removeprefix("test_")
        module = __import__(f"tests.live.{file.stem}", fromlist=["x"])
        names = [name for name in vars(module) if name.startswith("test_")]
        assert list(questions_in(subject)) == names != []


# -- killed ---------------------------------------------------------------------------


def _start(diagnosis: Path, screen: IO[bytes]) -> subprocess.Popen[bytes]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KALSHI_", "PREFLIGHT_", "PYTEST_", "V8_", "COV_"))
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *GATE]
    return subprocess.Popen(
        [*command, f"--diagnosis={diagnosis}"],
        cwd=ROOT,
        env={**kept, **TODAY, "TMPDIR": str(diagnosis.parents[1])},
        stdout=screen,
        stderr=subprocess.STDOUT,
    )


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.timeout(1200)
def test_a_killed_run_is_never_a_go(tmp_path: Path) -> None:
    """SIGKILL at 50 random moments: a whole document or none, and never the gate open.

    A go is written when the run is over, and the last line follows at once: who is
    killed between that and the end of the process leaves no exit code 0.
    """
    diagnosis = tmp_path / "reports" / "diagnosis.json"
    begun = time.perf_counter()
    assert _killed(diagnosis, None).exit_code == 0
    whole_seconds = time.perf_counter() - begun
    drawn = random.Random(20261122)  # noqa: S311  # moments, no secrets
    moments = [drawn.uniform(0, whole_seconds) for _ in range(rounds(5, 50))]
    runs = [_killed(diagnosis, moment) for moment in moments]
    killed = [run for run in runs if run.exit_code != 0]
    assert len(killed) > len(runs) // 2, "the moments lie within the run"
    for run in killed:
        assert run.exit_code == -signal.SIGKILL
        over = run.screen.endswith(f"{GO}\n")
        assert over or run.document is None or run.document["verdict"] == "no-go"
    # What a kill leaves beside the document is known by its name, and swept in time.
    left = {path.name for path in diagnosis.parent.iterdir()} - {
        diagnosis.name,
        STATUS_FILE,
    }
    assert all(name.startswith(".diagnosis.json.") for name in left), left


def _killed(diagnosis: Path, moment: float | None) -> Run:
    """Run the gate, and kill it at its moment unless it has come to its end."""
    diagnosis.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as screen:
        process = _start(diagnosis, screen)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=moment)
        process.kill()
        code = process.wait()
        screen.seek(0)
        shown = screen.read().decode()
    return Run(exit_code=code, screen=shown, document=_document(diagnosis))


def _document(diagnosis: Path) -> dict[str, Any] | None:
    if not diagnosis.exists():
        return None
    document: dict[str, Any] = json.loads(diagnosis.read_text(encoding="utf-8"))
    Draft202012Validator(schema()).validate(document)
    assert document["token"] == "today"  # noqa: S105  # no secret
    return document
