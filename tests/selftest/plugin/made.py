"""Says of which environments tests were made, the deselected ones included."""

import pytest

from kalshi_preflight.plugin.selection import environment_of

_MADE: set[str] = set()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Remember what a test was made for."""
    environment = environment_of(item)
    if environment is not None:
        _MADE.add(environment)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so."""
    terminalreporter.write_line(f"made for: {', '.join(sorted(_MADE))}")
