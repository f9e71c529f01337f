"""Counts the tests that were run with a timer of pytest-timeout."""

from collections import Counter

import pytest

_SEEN: Counter[bool] = Counter()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Look for what pytest-timeout leaves on a test that it times."""
    _SEEN[hasattr(item, "cancel_timeout")] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many."""
    timed = f"timed tests: {_SEEN[True]} of {_SEEN.total()}"
    terminalreporter.write_line(timed)
