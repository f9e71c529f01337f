"""GitHub Actions: no server commands its runner, annotations, and the job summary.

While a run goes on, its output steers nothing: the first line stops the runner's
commands, the annotations at the end come after the token that starts them again.
"""

import os
import secrets
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.plugin.outcome import SHELL

_ANNOTATIONS = pytest.StashKey[list[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop the runner's commands, before anything that others said can be printed."""
    config = session.config
    if os.environ.get("GITHUB_ACTIONS") != "true" or hasattr(config, "workerinput"):
        return
    token = secrets.token_hex(16)
    from kalshi_preflight.report.github import stopping

    print(stopping(token), flush=True)  # noqa: T201  # a runner reads this
    # Before the gate's last line, whose clean-up was registered earlier.
    config.add_cleanup(lambda: _annotate(config, token))


def _annotate(config: pytest.Config, token: str) -> None:
    from kalshi_preflight.report.github import resuming

    lines = [resuming(token), *config.stash.get(_ANNOTATIONS, [])]
    print("\n".join(lines), flush=True)  # noqa: T201  # a runner reads this


def pytest_preflight_report(document: Mapping[str, Any], config: pytest.Config) -> None:
    """Prepare the annotations and append to the job's summary."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        from kalshi_preflight.report.github import annotations

        config.stash[_ANNOTATIONS] = annotations(document, SHELL)
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    from kalshi_preflight.report.job_summary import job_summary

    try:
        with Path(file).open("a", encoding="utf-8", errors="backslashreplace") as page:
            page.write(job_summary(document))
    except OSError as error:
        said = f"the job's summary was not written: {error.strerror}"
        warnings.warn(pytest.PytestWarning(said), stacklevel=1)
