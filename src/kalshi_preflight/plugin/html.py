"""The HTML report: the verdict on top of pytest-html's table, questions in words.

pytest-html calls these hooks for every phase and for collection reports too, and it
does not escape test ids, so both are dealt with here.
"""

import html
from typing import Any

import pytest

from kalshi_preflight.plugin.answers import question_of
from kalshi_preflight.plugin.reporting import DOCUMENT
from kalshi_preflight.report.html import summary_html


@pytest.hookimpl(optionalhook=True)
def pytest_html_report_title(report: Any) -> None:
    """Call the report by our name."""
    report.title = "kalshi-preflight"


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_summary(prefix: list[str], session: pytest.Session) -> None:
    """Put the verdict first: it reads without JavaScript, the table does not."""
    document = session.config.stash.get(DOCUMENT, None)
    if document is not None:
        prefix.append(summary_html(document))


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_header(cells: list[str]) -> None:
    """Name the column of questions."""
    cells.insert(2, "<th>Question</th>")


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_row(
    report: pytest.TestReport | pytest.CollectReport, cells: list[str]
) -> None:
    """Say the question in words; escape the test's id, which pytest-html does not."""
    if not cells:
        return
    cells[1] = f'<td class="col-testId">{html.escape(report.nodeid)}</td>'
    cells.insert(2, f"<td>{html.escape(question_of(report))}</td>")
