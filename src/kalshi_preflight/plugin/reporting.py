"""Bring the document out: first a no-go that stands for a crash, then the truth."""

import json
import os
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from kalshi_preflight import __version__
from kalshi_preflight.model.cause import Cause, Hint
from kalshi_preflight.model.environment import Environment
from kalshi_preflight.model.journey import Survey
from kalshi_preflight.plugin.distributed import hand_over, is_worker, of_workers
from kalshi_preflight.plugin.engine import INSPECTION, record_of
from kalshi_preflight.plugin.gate import gate_reason, token_of
from kalshi_preflight.plugin.hints import hint_for
from kalshi_preflight.plugin.outcome import SHELL, is_blocked
from kalshi_preflight.plugin.questions import shortfall
from kalshi_preflight.plugin.redaction import redactor_of
from kalshi_preflight.plugin.selection import ENGINE, diagnoses, environment_of
from kalshi_preflight.plugin.surveying import ENVIRONMENTS, SURVEY
from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.report.document import document, provisional
from kalshi_preflight.report.terminal import engine_block, verdict_block
from kalshi_preflight.report.verdict import exit_code
from kalshi_preflight.report.writing import write_atomically

Json = dict[str, Any]
#: Beside the document: the open positions of database and exchange, side by side.
POSITIONS_FILE = "positions.json"
DOCUMENT = pytest.StashKey[Json]()
_COUNTS = pytest.StashKey[Counter[str]]()
_SELECTED = pytest.StashKey[set[str]]()
_STARTED = pytest.StashKey[tuple[datetime, float]]()
#: The finished document, until everything has been made from it.
_UNREPORTED = pytest.StashKey[Json]()
#: Options for files of other plugins, which take up what is made from the document.
_FILES = ("xmlpath", "htmlpath")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let a valid no-go stand from the first moment of a run that diagnoses."""
    config = session.config
    config.stash[_COUNTS] = Counter()
    config.stash[_SELECTED] = set()
    config.stash[_STARTED] = datetime.now(UTC), time.perf_counter()
    config.pluginmanager.register(_Counting(config), "kalshi_preflight counting")
    if _reports(config) and not is_worker(config):
        started, vantage = config.stash[_STARTED][0], config.stash[WISHES].vantage
        first = provisional(__version__, started, vantage)
        _publish(config, redactor_of(config).value(first))


def _reports(config: pytest.Config) -> bool:
    if config.option.collectonly:
        return False
    return config.stash[WISHES].gate or diagnoses(config)


def _publish(config: pytest.Config, finished: Json) -> None:
    finished.update(redactor_of(config).value(token_of(os.environ)))
    config.stash[DOCUMENT] = finished
    if config.stash[WISHES].gate and finished["verdict"] == "go":
        return  # the lock writes it, when nothing more can go wrong
    text = json.dumps(finished, indent=2, ensure_ascii=False) + "\n"
    write_atomically(config.stash[WISHES].diagnosis, text)


def _publish_positions(config: pytest.Config, finished: Json) -> None:
    """Write the positions of both sides beside the document, if the engine was seen."""
    if not finished["engine"]["facts"]:
        return
    positions = finished["engine"]["facts"].get("positions", [])
    written = {"started": finished["started"], "positions": positions}
    text = json.dumps(written, indent=2, ensure_ascii=False) + "\n"
    folder = config.stash[WISHES].diagnosis.parent
    write_atomically(folder / POSITIONS_FILE, text)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Remember which environments were to be asked."""
    names = {environment_of(item) for item in session.items}
    session.config.stash[_SELECTED] = {name for name in names if name is not None}


class _Counting:
    """Counts the outcomes of live tests, each once, wherever they ran."""

    def __init__(self, config: pytest.Config) -> None:
        self._names = {*config.stash[WISHES].names, ENGINE}
        self._counts = config.stash[_COUNTS]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one report, if it decides the outcome of a live test."""
        if not self._names & set(report.keywords):
            return
        if report.failed:
            self._counts["failed"] += 1
        elif report.skipped:
            self._counts["blocked" if is_blocked(report) else "skipped"] += 1
        elif report.when == "call":
            self._counts["passed"] += 1


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Make the document, write it, and let its verdict decide the exit code.

    A worker of pytest-xdist hands its own over instead.
    """
    config = session.config
    if not _reports(config) or _COUNTS not in config.stash:
        return
    redact = redactor_of(config).value
    if is_worker(config):
        counted = config.stash[_COUNTS].total() > 0
        asked = counted or SURVEY in config.stash or INSPECTION in config.stash
        hand_over(config, redact(_document(config)), asked=asked)
        return
    own = _document(config)
    finished = redact(of_workers(config, own) or own)
    _publish(config, finished)
    _publish_positions(config, finished)
    session.exitstatus = exit_code(exitstatus, finished)
    config.stash[_UNREPORTED] = finished
    if any(config.getoption(name, None) for name in _FILES):
        _report(config)  # these files are written next


def _report(config: pytest.Config) -> None:
    """Let history, metrics and all else be made, once."""
    finished = config.stash.get(_UNREPORTED, None)
    if finished is not None:
        del config.stash[_UNREPORTED]
        config.hook.pytest_preflight_report(document=finished, config=config)


def _document(config: pytest.Config) -> Json:
    started, clock = config.stash[_STARTED]
    counts, selected = config.stash[_COUNTS], config.stash[_SELECTED]
    survey = config.stash.get(SURVEY, Survey())
    environments = config.stash.get(ENVIRONMENTS, {})

    def hints(name: str, cause: Cause) -> Hint | None:
        return hint_for(config, environments[name], cause)

    return document(
        survey,
        hints=hints,
        suite_version=__version__,
        started=started,
        duration_ms=(time.perf_counter() - clock) * 1000,
        tests=counts,
        engine=record_of(config),
        selected=selected,
        gate_reason=_gate_reason(config, survey, environments),
        vantage=config.stash[WISHES].vantage,
    )


def _gate_reason(
    config: pytest.Config, survey: Survey, environments: Mapping[str, Environment]
) -> str | None:
    wishes = config.stash[WISHES]
    if not wishes.gate:
        return None
    reason = gate_reason(
        survey,
        environments,
        workspace=wishes.v8_home is not None,
        inspection=config.stash.get(INSPECTION, None),
    )
    return reason or shortfall(config)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print a verdict block for each environment; then let others write their part.

    People wait for the verdict, and for nothing that is made from it.
    """
    finished = config.stash.get(DOCUMENT, None)
    if finished is not None:
        _show(terminalreporter, config, finished)
    _report(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Without a terminal (``-p no:terminal``) there is no summary to wait for."""
    _report(config)


def _show(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config, finished: Json
) -> None:
    engine = finished["engine"]
    seen = engine["verdict"] != "not-checked" or engine["causes"]
    if not finished["environments"] and not seen:
        return
    writer = config.get_terminal_writer()
    terminalreporter.section("kalshi-preflight")
    for environment in finished["environments"]:
        block = verdict_block(
            environment,
            width=writer.fullwidth,
            shell=SHELL,
            colour=writer.hasmarkup,
        )
        terminalreporter.write_line("")
        # The block carries its own colours; the writer's would escape them.
        terminalreporter.write(block + "\n", flush=True)
    if seen:
        terminalreporter.write_line("")
        block = engine_block(
            engine, width=writer.fullwidth, shell=SHELL, colour=writer.hasmarkup
        )
        terminalreporter.write(block + "\n", flush=True)
    where = config.stash[WISHES].diagnosis
    terminalreporter.write_line("")
    terminalreporter.write_line(f"machine-readable: {where}")
