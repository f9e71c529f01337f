"""Keep secrets in: every report and every log record goes through the one redactor."""

import logging
from collections.abc import Generator
from typing import Any

import pytest

from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.report.redact import Redactor

_REDACTOR = pytest.StashKey[Redactor]()


def redactor_of(config: pytest.Config) -> Redactor:
    """The redactor of this run, made of every secret that was read."""
    if _REDACTOR not in config.stash:
        config.stash[_REDACTOR] = Redactor(config.stash[WISHES].secrets)
    return config.stash[_REDACTOR]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Redact what is logged, and the reports that every other plugin reads."""
    config = session.config
    if not config.stash[WISHES].secrets:
        return
    config.pluginmanager.register(_Redaction(config), "kalshi_preflight redaction")
    previous = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_RecordFactory(previous, redactor_of(config)))
    config.add_cleanup(lambda: logging.setLogRecordFactory(previous))


class _RecordFactory:
    """Makes log records whose message is redacted before any handler sees it."""

    def __init__(self, previous: Any, redactor: Redactor) -> None:
        self._previous = previous
        self._redactor = redactor

    def __call__(self, *args: Any, **keywords: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._previous(*args, **keywords)
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            return record
        record.msg, record.args = self._redactor.text(message), None
        return record


class _Redaction:
    """Redacts reports: terminal, JUnit, HTML and xdist's controller all read these."""

    def __init__(self, config: pytest.Config) -> None:
        self._redactor = redactor_of(config)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(
        self, report: pytest.TestReport
    ) -> Generator[None, None, None]:
        """Redact the report of a test."""
        self._clean(report)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collectreport(
        self, report: pytest.CollectReport
    ) -> Generator[None, None, None]:
        """Redact the report of a collection."""
        self._clean(report)
        return (yield)

    def _clean(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if isinstance(report.longrepr, tuple):
            path, line, reason = report.longrepr
            report.longrepr = (path, line, self._redactor.text(reason))
        elif report.longrepr is not None:
            shown = str(report.longrepr)
            clean = self._redactor.text(shown)
            if clean != shown:
                report.longrepr = clean
        report.sections = [
            (title, self._redactor.text(text)) for title, text in report.sections
        ]
        if isinstance(report, pytest.TestReport):
            report.user_properties = self._redactor.value(report.user_properties)
