"""``--history``, and the memory of every run that diagnosed something."""

import shutil
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from kalshi_preflight.history import HistoryError, histories, remember
from kalshi_preflight.plugin.redaction import redactor_of
from kalshi_preflight.plugin.wishes import WISHES, read_history_url
from kalshi_preflight.report.ascii import ascii_text, wrapped
from kalshi_preflight.report.history import history_text

#: A database that is silent for longer is given up: a verdict is not kept waiting.
_PATIENCE_SECONDS = 20.0
_NOT_KEPT = pytest.StashKey[str]()


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Answer ``--history``; with ``--gate`` it has been refused before."""
    if not config.getoption("history"):
        return None
    url = read_history_url(config)
    try:
        found = histories(url)
    except HistoryError as error:
        raise pytest.UsageError(f"the history cannot be read: {error}") from None
    # No terminal writer exists yet; this is how pytest's finds its width as well.
    width = shutil.get_terminal_size(fallback=(80, 24)).columns
    print(history_text(found, width=width))  # noqa: T201  # the answer to --history
    return 0


def pytest_preflight_report(document: Mapping[str, Any], config: pytest.Config) -> None:
    """Remember the run; where that is impossible, say so and change no verdict."""
    config.stash[_NOT_KEPT] = f"no answer within {_PATIENCE_SECONDS:.0f} s"
    # A thread of its own: no driver bounds the look-up of its server's name.
    thread = threading.Thread(target=_remember, args=(document, config), daemon=True)
    thread.start()
    thread.join(_PATIENCE_SECONDS)


def _remember(document: Mapping[str, Any], config: pytest.Config) -> None:
    wishes = config.stash[WISHES]
    try:
        remember(wishes.history_url, document, vantage=document.get("vantage", "?"))
    except HistoryError as error:
        config.stash[_NOT_KEPT] = str(error)
    else:
        del config.stash[_NOT_KEPT]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in one sentence that the history lacks this run, and why."""
    reason = config.stash.get(_NOT_KEPT, None)
    if reason is None:
        return
    said = ascii_text(redactor_of(config).text(f"history not kept: {reason}"))
    width = config.get_terminal_writer().fullwidth
    terminalreporter.write_line(wrapped(said, width, rest="  "), yellow=True)
