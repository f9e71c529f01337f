"""The HTML report: the verdict on top of pytest-html's table, questions in words.

pytest-html calls its hooks for every phase and for collection reports too, and it does
not escape test ids, so both are dealt with here. It writes one file, which is then
arranged so that our part stands first.
"""

import html
import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kalshi_preflight.history import HistoryError, histories
from kalshi_preflight.model.history import EnvironmentHistory
from kalshi_preflight.plugin.answers import question_of
from kalshi_preflight.plugin.outcome import SHELL, is_blocked, remarks_of
from kalshi_preflight.plugin.reporting import DOCUMENT
from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.report.writing import write_atomically

if TYPE_CHECKING:  # only a run that writes a page needs it
    from kalshi_preflight.report.page import Asked


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Have one file written, which can be mailed: before pytest-html looks."""
    wanted = config.getoption("htmlpath", None)
    if wanted is None or hasattr(config, "workerinput"):
        return
    config.option.self_contained_html = True
    file = Path.cwd() / Path(os.path.expandvars(wanted)).expanduser()
    config.pluginmanager.register(_Page(file), "kalshi_preflight page")


class _Page:
    """What of pytest-html's page is ours."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._asked: list[Asked] = []
        self._questions: dict[str, str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Know the questions of tests whose reports do not carry theirs."""
        for item in session.items:
            words = getattr(getattr(item, "obj", None), "__doc__", None) or ""
            self._questions[item.nodeid] = words.strip().partition("\n")[0]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, None, None]:
        """Arrange the page once pytest-html has written it."""
        yield
        if self._file.is_file():
            from kalshi_preflight.report.page import arranged

            page = self._file.read_text(encoding="utf-8")
            write_atomically(self._file, arranged(page, self._asked))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Call the report by our name."""
        report.title = "kalshi-preflight"

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(
        self, prefix: list[str], session: pytest.Session
    ) -> None:
        """Give the verdict: it reads without JavaScript, the table does not."""
        from kalshi_preflight.report.html import summary_html

        document = session.config.stash.get(DOCUMENT, None)
        if document is not None:
            histories = _histories(session.config)
            prefix.append(summary_html(document, histories, shell=SHELL))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Name the column of questions, which comes before the test's id."""
        cells.insert(1, "<th>Question</th>")

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(
        self, report: pytest.TestReport | pytest.CollectReport, cells: list[str]
    ) -> None:
        """Say the question in words; escape the id, which pytest-html does not."""
        if not cells:
            return
        question = question_of(report) or self._questions.get(report.nodeid, "")
        asked = _asked(report, question)
        if report.outcome != "passed" or getattr(report, "when", "") == "call":
            self._asked.append(asked)
        cells[1] = f'<td class="col-testId">{html.escape(asked.name)}</td>'
        said = html.escape(asked.question)
        if asked.remark:
            said += f' <span class="remark">{html.escape(asked.remark)}</span>'
        cells.insert(1, f'<td class="question">{said}</td>')


def _histories(config: pytest.Config) -> tuple[EnvironmentHistory, ...]:
    """What this run and earlier ones say, as far as they can be read."""
    try:
        return histories(config.stash[WISHES].history_url)
    except HistoryError:
        return ()  # that this run was not kept is said on the terminal


def _asked(report: pytest.TestReport | pytest.CollectReport, question: str) -> "Asked":
    """One test as a reader sees it: *skipped* and *blocked* are two things."""
    from kalshi_preflight.report.page import Asked

    return Asked(
        outcome="blocked" if is_blocked(report) else report.outcome,
        question=question,
        name=report.nodeid,
        remark=_remark(report),
    )


def _remark(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped or blocked, or what a passed one warns of."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return ", ".join(remarks_of(report))
