"""Keep secrets in: every report, log record and warning goes through the one redactor.

``streams`` does the same for what is written to the screen past all reports, ``files``
for what other plugins have written to disk past them.
"""

import logging
from collections.abc import Generator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from kalshi_preflight.model.secret import Secret
from kalshi_preflight.plugin.streams import redact_screen
from kalshi_preflight.plugin.wishes import WISHES, Wishes
from kalshi_preflight.plugin.written import redact_files, redact_trace
from kalshi_preflight.report.redact import Redactor

_REDACTOR = pytest.StashKey[Redactor]()


def redactor_of(config: pytest.Config) -> Redactor:
    """The redactor of this run, made of every secret that was read."""
    if _REDACTOR not in config.stash:
        config.stash[_REDACTOR] = Redactor(_secrets(config.stash[WISHES]))
    return config.stash[_REDACTOR]


def _secrets(wishes: Wishes) -> list[Secret]:
    return [*wishes.secrets, *_passwords(wishes.history_url.reveal())]


def _passwords(url: str) -> list[Secret]:
    """The password in a URL, as it is written there and as it is meant."""
    try:
        written = urlsplit(url).password
    except ValueError:
        return [Secret(url)]
    return [Secret(written), Secret(unquote(written))] if written else []


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take the screen before the terminal does; what is secret is read right after."""

    def find() -> Redactor | None:
        return redactor_of(config) if WISHES in config.stash else None

    redact_screen(config, find)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Redact what is logged, and the reports that every other plugin reads."""
    config = session.config
    if not _secrets(config.stash[WISHES]):
        return
    redactor = redactor_of(config)
    config.pluginmanager.register(_Redaction(redactor), "kalshi_preflight redaction")
    redact_trace(config, redactor)
    previous = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_RecordFactory(previous, redactor))
    config.add_cleanup(lambda: logging.setLogRecordFactory(previous))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Redact JUnit and HTML as soon as they are written, before anything is printed."""
    yield
    if _REDACTOR in session.config.stash:
        redact_files(session.config, session.config.stash[_REDACTOR])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> Generator[None, None, None]:
    """Redact the log file, which is closed last."""
    yield
    if _REDACTOR in config.stash:
        redact_files(config, config.stash[_REDACTOR])


class _RecordFactory:
    """Makes log records that are redacted before any handler sees them."""

    def __init__(self, previous: Any, redactor: Redactor) -> None:
        self._previous = previous
        self._redactor = redactor
        self._formatter = logging.Formatter()

    def __call__(self, *args: Any, **keywords: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._previous(*args, **keywords)
        if record.exc_info and record.exc_info[0] is not None:
            # A formatter takes the text that is there over one of its own.
            shown = self._formatter.formatException(record.exc_info)
            record.exc_text = self._redactor.text(shown)
        if record.stack_info:
            record.stack_info = self._redactor.text(record.stack_info)
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            return record
        record.msg, record.args = self._redactor.text(message), None
        return record


class _Redaction:
    """Redacts reports: terminal, JUnit, HTML and xdist's controller all read these."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._seen: set[str] = set()
        self._keywords: tuple[dict[str, Any], dict[str, Any]] = ({}, {})

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Redact the name of a test, which a parameter may have given it.

        It becomes part of every output, of the cache's files and of temporary folders.
        """
        clean = self._redactor.text(item.nodeid)
        if clean == item.nodeid:
            return
        free = clean
        count = 1
        while free in self._seen:
            count += 1
            free = f"{clean.removesuffix(']')} {count}]"
        self._seen.add(free)
        item._id = type(item.id).parse(free)  # private: held by a self-test
        item.name = free.rpartition("::")[2]

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

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: Any) -> None:
        """Redact a warning."""
        shown = str(warning_message.message)
        clean = self._redactor.text(shown)
        if clean != shown:
            warning_message.message = clean

    def _clean(self, report: Any) -> None:
        """Redact all that a report holds, of whatever kind it is."""
        self._clean_longrepr(report)
        text, value = self._redactor.text, self._redactor.value
        report.sections = [(text(title), text(told)) for title, told in report.sections]
        self._clean_keywords(report)
        for name in ("user_properties", "wasxfail", "extras", "location"):
            if name in vars(report):
                setattr(report, name, value(getattr(report, name)))
        context = getattr(report, "context", None)  # of a subtest
        if context is not None:
            msg, kwargs = value(context.msg), value(dict(context.kwargs))
            report.context = replace(context, msg=msg, kwargs=kwargs)

    def _clean_keywords(self, report: Any) -> None:
        """Redact the keywords, which the three reports of a test have in common."""
        if "keywords" not in vars(report):
            return
        raw, clean = self._keywords
        if report.keywords != raw:
            raw, clean = dict(report.keywords), self._redactor.value(report.keywords)
            self._keywords = raw, clean
        report.keywords = dict(clean)

    def _clean_longrepr(self, report: Any) -> None:
        longrepr = report.longrepr
        if isinstance(longrepr, tuple):
            path, line, reason = longrepr
            report.longrepr = (path, line, self._redactor.text(reason))
        elif longrepr is not None:
            shown = str(longrepr)
            crash = getattr(longrepr, "reprcrash", None)
            said = getattr(crash, "message", "")
            if self._redactor.text(shown) != shown or self._redactor.text(said) != said:
                report.longrepr = self._redactor.text(shown)
