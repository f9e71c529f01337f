"""Whole runs of the suite, as a user starts them: process, screen, document."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_SECONDS = 120
#: Settings of the user's that would change what a run does.
_PERSONAL = (
    *("KALSHI_", "PREFLIGHT_", "PYTEST_", "V8_", "DASHBOARD_", "COV_"),
    "GITHUB_",  # a run of ours must not write into the summary of the job it proves
    *(
        "CI",
        "BUILD_NUMBER",
    ),  # with which pytest no longer cuts its summary to the width
)

#: A memory keeps nothing: the checkout's own history tells of no self-test.
_NO_HISTORY = {"PREFLIGHT_HISTORY_URL": "sqlite://"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run left: exit code, everything on the screen, the document if any."""

    exit_code: int
    screen: str
    document: dict[str, Any] | None

    @property
    def environment(self) -> dict[str, Any]:
        """The only environment of the document."""
        assert self.document is not None, self.screen
        (environment,) = self.document["environments"]
        found: dict[str, Any] = environment
        return found

    def statuses(self, endpoint: str) -> dict[str, str]:
        """Each layer's status on the journey to ``endpoint``."""
        for journey in self.environment["journeys"]:
            if journey["endpoint"] == endpoint:
                return {step["layer"]: step["status"] for step in journey["steps"]}
        raise KeyError(endpoint)

    @property
    def counts(self) -> dict[str, int]:
        """The outcomes of the live tests."""
        assert self.document is not None, self.screen
        counts: dict[str, int] = self.document["tests"]
        return counts


def run_suite(
    diagnosis: Path,
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    wrapper: Sequence[str] = (),
    width: int = 80,
    limit_seconds: float = _LIMIT_SECONDS,
) -> Run:
    """Run pytest on the suite in a process of its own.

    ``diagnosis`` is where the document goes, ``wrapper`` a command that runs the rest
    of its line (``unshare -rn``); a run that takes longer than the limit hangs.
    """
    command = [*wrapper, sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    finished = subprocess.run(
        [*command, f"--diagnosis={diagnosis}", *arguments],
        cwd=ROOT,
        env={**impersonal_variables(), "COLUMNS": str(width), **(variables or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=limit_seconds,
        check=False,
    )
    return Run(
        exit_code=finished.returncode,
        screen=finished.stdout + finished.stderr,
        document=_document(diagnosis),
    )


def impersonal_variables() -> dict[str, str]:
    """The variables of this process without the user's settings and a history."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_PERSONAL)
    }
    return {**inherited, **_NO_HISTORY}


def _document(diagnosis: Path) -> dict[str, Any] | None:
    if not diagnosis.exists():
        return None
    document: dict[str, Any] = json.loads(diagnosis.read_text(encoding="utf-8"))
    return document
