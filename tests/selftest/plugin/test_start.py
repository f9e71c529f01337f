"""What a diagnosis loads: start-up time is a promise, and imports are most of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.selftest.runs import ROOT, run_suite

pytestmark = pytest.mark.selftest

#: Nothing of these belongs into a run that asks a real exchange.
_ELSEWHERE = (
    "hypothesis",
    "jsonschema",
    "kalshi_preflight.engine",
    "kalshi_preflight.exchange",
    "kalshi_preflight.report.html",
    "kalshi_preflight.report.job_summary",
    "kalshi_preflight.report.metrics",
    "kalshi_preflight.report.page",
    "psutil",
    "simplefix",
    "sqlalchemy",
    "trustme",
)
#: Nor these into its collection: probes bring them, once they are needed.
_LATER = (
    *("cryptography", "dns", "h11", "httpx", "websockets"),
    "kalshi_preflight.model.measurement",
    "kalshi_preflight.probes",
    "kalshi_preflight.survey.run",
)
_RUN = """
import sys, pytest

class Look:
    def pytest_collection_finish(self):
        print("collected", *sorted(sys.modules))

pytest.main(sys.argv[1:], plugins=[Look()])
print("finished", *sorted(sys.modules))
"""
_LAB = """
[environments.lab]
rest = "https://127.0.0.1:1/trade-api/v2"
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The modules of a run against a closed port, once collected and once finished."""
    folder: Path = tmp_path_factory.mktemp("start")
    file = folder / "environments.toml"
    file.write_text(_LAB, encoding="utf-8")
    arguments = ["-s", "-p", "no:cacheprovider", "-m", "lab"]
    own = [f"--environments={file}", f"--diagnosis={folder / 'diagnosis.json'}"]
    finished = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments, *own],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    lines = [line.split() for line in finished.stdout.splitlines() if line]
    told = {line[0]: set(line[1:]) for line in lines}
    assert {"collected", "finished"} <= set(told), finished.stdout + finished.stderr
    return {"collected": told["collected"], "finished": told["finished"]}


@pytest.mark.parametrize("module", _ELSEWHERE)
def test_what_is_not_asked_is_not_loaded(
    module: str, loaded: dict[str, set[str]]
) -> None:
    """A diagnosis ends without what only the sandbox, the engine or proofs need."""
    assert module not in loaded["finished"]


@pytest.mark.parametrize("module", _LATER)
def test_collection_is_light(module: str, loaded: dict[str, set[str]]) -> None:
    """Before the first question is asked, no library of the probes is there."""
    assert module not in loaded["collected"]


def test_only_what_the_marks_mention_is_made(tmp_path: Path) -> None:
    """Collecting one environment makes no test of another."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        *(
            "-m",
            "sandbox and dns",
            "--collect-only",
            "-p",
            "tests.selftest.plugin.made",
        ),
    )
    assert "made for: sandbox" in run.screen, run.screen


def test_what_is_named_outright_is_deselected(tmp_path: Path) -> None:
    """A test of an environment that the marks leave out is found all the same."""
    outright = "tests/live/test_dns.py::test_resolves[demo-rest]"
    run = run_suite(tmp_path / "diagnosis.json", "-m", "sandbox", outright)
    assert "1 deselected" in run.screen
    assert "not found" not in run.screen
