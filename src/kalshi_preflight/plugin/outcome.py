"""From causes to test outcomes: failed with its remedy, warned, blocked."""

import os
from collections.abc import Generator
from functools import partial
from typing import Literal

import pytest

from kalshi_preflight.model.cause import AnyCause, Cause
from kalshi_preflight.plugin.answers import ANSWERS, Answers, asked
from kalshi_preflight.plugin.failure import Failure
from kalshi_preflight.plugin.hints import hint_for
from kalshi_preflight.plugin.redaction import redactor_of
from kalshi_preflight.plugin.surveying import SURVEY
from kalshi_preflight.report.terminal import failure_text

#: The shell that the reader has: Windows means PowerShell.
SHELL: Literal["powershell", "posix"] = "powershell" if os.name == "nt" else "posix"
_REMARK = "preflight_remark"
#: How pytest words the reason of a test that :mod:`.answers` skipped as blocked.
_BLOCKED = "Skipped: blocked by "


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the survey's verdict decide what a live test's outcome is, and what it says.

    The assertion and the rules look at the same evidence and agree; should they ever
    not, the test fails, whichever of them says no.
    """
    report = yield
    answers = item.stash.get(ANSWERS, None)
    if answers is None or report.when != "call" or report.skipped:
        return report
    if answers.cause is not None and answers.required:
        report.outcome = "failed"
        report.longrepr = _failure(item, answers, answers.cause)
    elif answers.cause is not None:
        report.outcome, report.longrepr = "passed", None
        put_remark(report, answers.cause)
    elif report.failed and answers.step.broken is not None:
        # The answer is no because of what another question of this layer names.
        report.outcome = "skipped"
        where = item.location[0], item.location[1] or 0
        report.longrepr = (*where, f"{_BLOCKED}{answers.step.broken.id}")
    elif report.failed:
        report.longrepr = _unexplained(answers, call)
    for remark in answers.remarks:
        put_remark(report, remark)
    return report


def _failure(item: pytest.Item, answers: Answers, cause: Cause) -> Failure | str:
    config, name = item.config, answers.environment.name
    text = partial(
        failure_text,
        name,
        cause.endpoint,
        cause,
        hint_for(config, answers.environment, cause),
        width=config.get_terminal_writer().fullwidth,
        shell=SHELL,
        redact=redactor_of(config).value,
    )
    root = config.stash[SURVEY].diagnosis(name).root_cause
    if root is None or root.id != cause.id:
        return text()
    screen = config.get_terminal_writer()
    return Failure(text(), brief=text(asked=asked(item)), screen=screen)


def _unexplained(answers: Answers, call: pytest.CallInfo[None]) -> str:
    """The answer is no and no rule says why: our defect, told without a traceback."""
    said = call.excinfo.exconly() if call.excinfo else ""
    return (
        f"{answers.environment.name}: {answers.step.layer}-unclassified\n"
        f"{answers.question} was answered with no, and no cause was found for it:\n"
        f"{said}"
    )


def put_remark(report: pytest.TestReport, cause: AnyCause) -> None:
    """Put a warning or a note on a report."""
    report.sections.append((f"preflight {cause.severity}: {cause.id}", cause.summary))
    report.user_properties.append((_REMARK, f"{cause.severity}: {cause.id}"))


def pytest_report_teststatus(
    report: pytest.CollectReport | pytest.TestReport,
) -> tuple[str, str, str | tuple[str, dict[str, bool]]] | None:
    """Count *blocked* by itself, and let a pass with a warning be seen as one."""
    if is_blocked(report):
        return "blocked", "b", ("BLOCKED", {"yellow": True})
    if report.when == "call" and report.passed and remarks_of(report):
        return "passed", "w", ("PASSED, REMARKED", {"yellow": True})
    return None


def is_blocked(report: pytest.CollectReport | pytest.TestReport) -> bool:
    """Whether a test was skipped because something below it is broken."""
    return blocked_by(report) is not None


def blocked_by(report: pytest.CollectReport | pytest.TestReport) -> str | None:
    """The id of the cause for which a test was skipped as blocked."""
    longrepr = report.longrepr
    if not report.skipped or not isinstance(longrepr, tuple):
        return None
    reason: str = longrepr[2]
    return reason.removeprefix(_BLOCKED) if reason.startswith(_BLOCKED) else None


def remarks_of(report: pytest.CollectReport | pytest.TestReport) -> list[str]:
    """The warnings and notes on a report, as ``severity: id``."""
    properties = getattr(report, "user_properties", ())
    return [str(value) for name, value in properties if name == _REMARK]
