"""Capabilities: from one measuring to the answers of live tests, and to the report.

A measurement is slow or stale, and never broken: what it finds is a warning. A way that
the survey found closed blocks its questions with that cause.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kalshi_preflight.measurement.extent import Extent
from kalshi_preflight.model.cause import Cause
from kalshi_preflight.model.journey import Survey
from kalshi_preflight.plugin.outcome import put_remark
from kalshi_preflight.plugin.selection import asks_capabilities, environment_of
from kalshi_preflight.plugin.surveying import SURVEY
from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.report.writing import write_atomically
from kalshi_preflight.survey.verdict import measured

if TYPE_CHECKING:  # only a run that measures needs it
    from kalshi_preflight.model.measurement import Measurement

#: Beside the document: the ways to trade, ready to paste into a ticket.
STATUS_FILE = "status.md"
#: What a test may take beside the measuring that it waits for.
_TEST_SECONDS = 60.0
_ANSWERS = pytest.StashKey["CapabilityAnswers"]()
_WRITTEN = pytest.StashKey[Path]()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityAnswers:
    """What was measured of one part, asked by one live test.

    ``answers["latency"]`` is a figure; the test is skipped if it was not observed.
    """

    measurement: "Measurement"
    part: str
    question: str

    def __getitem__(self, figure: str) -> Any:
        value = getattr(self.measurement.part(self.part), figure)
        if value is None and not self.causes:
            pytest.skip(f"not observed: {figure}")
        return value

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The warnings about this test's question."""
        found = self.measurement.causes
        return tuple(cause for cause in found if cause.question == self.question)


def answers_to(
    item: pytest.Item, measurement: "Measurement", part: str
) -> CapabilityAnswers:
    """Give the answers to one live test, or skip it: closed, or not measured."""
    question = getattr(item, "originalname", item.name)
    answers = CapabilityAnswers(measurement=measurement, part=part, question=question)
    item.stash[_ANSWERS] = answers
    if (reason := measurement.closed.get(part)) is not None:
        pytest.skip(reason)
    if measurement.part(part) is None:
        pytest.skip("cannot tell: it did not come to measuring")
    return answers


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A no that has a cause is a warning: the test passes and says so.

    One that has none is our defect, and proves nothing about the way: a number that
    nobody can explain must not keep a gate shut.
    """
    report = yield
    answers = item.stash.get(_ANSWERS, None)
    if answers is None or report.when != "call" or report.skipped:
        return report
    if answers.causes:
        report.outcome, report.longrepr = "passed", None
    elif report.failed:
        report.outcome = "skipped"
        where = item.location[0], item.location[1] or 0
        report.longrepr = (*where, f"Skipped: cannot tell: {answers.question}")
    for cause in answers.causes:
        put_remark(report, cause)
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Give the questions as much time as measuring was given."""
    seconds = extent_of(config).seconds
    for item in items:
        if asks_capabilities(item):
            item.add_marker(pytest.mark.timeout(_TEST_SECONDS + 1.5 * seconds))


def extent_of(config: pytest.Config) -> Extent:
    """For how long to measure. A gate is not kept waiting: it has the short form."""
    wishes = config.stash[WISHES]
    return Extent.of(None if wishes.gate else wishes.measure_seconds)


def asked_of(items: list[pytest.Item]) -> set[str]:
    """The environments whose capabilities selected tests ask about."""
    names = {environment_of(item) for item in items if asks_capabilities(item)}
    return {name for name in names if name is not None}


def keep(config: pytest.Config, measurements: "Mapping[str, Measurement]") -> None:
    """Put the measurements where the document is made from: into the survey."""
    survey = config.stash[SURVEY]
    config.stash[SURVEY] = Survey(
        diagnoses=tuple(
            measured(diagnosis, measurements[diagnosis.environment])
            if diagnosis.environment in measurements
            else diagnosis
            for diagnosis in survey.diagnoses
        )
    )


@contextmanager
def uncaptured(config: pytest.Config) -> Iterator[None]:
    """Let what is written reach the screen, also in the middle of a test."""
    capture = config.pluginmanager.get_plugin("capturemanager")
    if capture is None:
        yield
        return
    with capture.global_and_fixture_disabled():
        yield


def say(config: pytest.Config, line: str) -> None:
    """One line of progress; nothing in a worker, which has no screen."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    with uncaptured(config):
        reporter.ensure_newline()
        reporter.write_line(line)


def pytest_preflight_report(document: Mapping[str, Any], config: pytest.Config) -> None:
    """Write the status report, if any environment was to be measured."""
    from kalshi_preflight.report.status import status_text

    text = status_text(document, vantage=str(document.get("vantage", "?")))
    if text is not None:
        config.stash[_WRITTEN] = config.stash[WISHES].diagnosis.parent / STATUS_FILE
        write_atomically(config.stash[_WRITTEN], text)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say where it stands which ways are open."""
    if _WRITTEN in config.stash:
        terminalreporter.write_line(f"ways to trade:    {config.stash[_WRITTEN]}")
