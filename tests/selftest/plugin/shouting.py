"""A server whose words reach the screen: lines that a CI runner would obey."""

import pytest

#: What stands at the beginning of a line, as a body or a log record may.
SHOUTED = (
    "::error title=forged::forged",
    "  ::set-output name=verdict::go",
    "##[error]forged",
    "::stop-commands::mine",
    "::mine::",
    "::add-mask::e",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print it all."""
    for line in SHOUTED:
        terminalreporter.write_line(line)
