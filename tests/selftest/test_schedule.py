"""The schedule: secrets in reach of one step alone, and missed when it stands still."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.selftest.runs import ROOT

pytestmark = pytest.mark.selftest

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CONNECTIVITY = ROOT / ".github" / "workflows" / "connectivity.yml"


def read(workflow: Path) -> dict[str, Any]:
    """A workflow; YAML 1.1 takes its ``on`` for a truth value."""
    told: dict[str, Any] = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    return told


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    """Every step of every job."""
    for job in read(workflow)["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_least_and_actions_are_pinned(workflow: Path) -> None:
    """No rights by default, read rights by job, each action by its commit."""
    told = read(workflow)
    assert told["permissions"] == {}
    for job in told["jobs"].values():
        assert set(job["permissions"].values()) == {"read"}
        assert job["timeout-minutes"]
    text = workflow.read_text(encoding="utf-8")
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    for used in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used)


def test_secrets_are_in_reach_of_the_probe_alone() -> None:
    """Only the step that diagnoses sees a secret, and it installs nothing."""
    with_secrets = [
        step for step in steps(CONNECTIVITY) if "secrets." in json.dumps(step)
    ]
    (probe,) = with_secrets
    assert "--skip-pkg-install" in probe["run"]
    assert "pip" not in probe["run"]
    before = CONNECTIVITY.read_text(encoding="utf-8").split("jobs:")[0]
    assert "secrets." not in before


def test_what_is_asked_is_never_part_of_a_script() -> None:
    """An input reaches a shell as a variable, not as text of its script."""
    for workflow in WORKFLOWS:
        assert not [step for step in steps(workflow) if "${{" in step.get("run", "")]


def test_every_choice_is_an_environment_of_tox() -> None:
    """The workflow offers what ``tox run -e`` knows, and runs production by itself."""
    inputs = read(CONNECTIVITY)[True]["workflow_dispatch"]["inputs"]  # type: ignore[index]
    options = set(inputs["environment"]["options"])
    tox = (ROOT / "tox.ini").read_text(encoding="utf-8")
    match = re.search(r"\[testenv:\{([a-z,]+)\}\]", tox)
    assert match
    assert options == set(match[1].split(","))


# --- the dead man -----------------------------------------------------------------


def look(folder: Path, *, answer: str | None, exit_code: int = 0) -> tuple[int, str]:
    """Ask for a success within 7 hours, of a ``gh`` that answers so (or is missing)."""
    calls = folder / "calls.json"
    if answer is not None:
        program = folder / "gh"
        program.write_text(
            f"#!{sys.executable}\nimport json, pathlib, sys\n"
            f"pathlib.Path({str(calls)!r}).write_text(json.dumps(sys.argv[1:]),"
            " encoding='utf-8')\n"
            f"print({answer!r})\nsys.exit({exit_code})\n",
            encoding="utf-8",
        )
        program.chmod(0o755)
    script = ROOT / ".ci" / "last_success.py"
    finished = subprocess.run(
        [sys.executable, str(script), "connectivity.yml", "--hours", "7"],
        env={**os.environ, "PATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    if calls.exists():
        asked = json.loads(calls.read_text(encoding="utf-8"))
        assert asked[:4] == ["run", "list", "--workflow", "connectivity.yml"]
        assert " ".join(asked[4:8]) == "--event schedule --status success"
    return finished.returncode, finished.stdout + finished.stderr


def ran(hours_ago: float) -> str:
    """What gh lists of a run that was created then."""
    created = datetime.now(UTC) - timedelta(hours=hours_ago)
    return json.dumps([{"createdAt": created.strftime("%Y-%m-%dT%H:%M:%SZ")}])


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
@pytest.mark.parametrize(
    ("answer", "gh_exit", "expected", "sentence"),
    [
        (0.5, 0, 0, "last succeeded 0.5 hours ago"),
        (7.5, 0, 1, "7.5 hours ago, more than 7"),
        ("[]", 0, 1, "has never succeeded"),
        ("not json", 0, 2, "cannot tell"),
        ("[{}]", 0, 2, "cannot tell"),
        ("", 4, 2, "gh: exit 4"),
        (None, 0, 2, "cannot tell"),
    ],
)
def test_a_schedule_that_stands_still_is_missed(
    tmp_path: Path,
    answer: float | str | None,
    gh_exit: int,
    expected: int,
    sentence: str,
) -> None:
    """Young enough is 0; too old, never, and cannot be told are not."""
    answer = ran(answer) if isinstance(answer, float) else answer
    code, said = look(tmp_path, answer=answer, exit_code=gh_exit)
    assert (code, sentence in said) == (expected, True), said
