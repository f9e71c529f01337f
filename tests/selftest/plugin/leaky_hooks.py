"""A user's own plugin that gives secrets away, through hooks of pytest and of ours."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.model.cause import Commands, Hint

_TEXTS: list[str] = json.loads(Path(os.environ["LEAKS"]).read_text("utf-8"))


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of the tests that leak."""
    config.addinivalue_line("markers", "leak: gives a secret away")


def pytest_preflight_hint() -> Hint:
    """Advise with every secret that there is."""
    commands = Commands(posix=tuple(_TEXTS), powershell=tuple(_TEXTS))
    return Hint(why="\n".join(_TEXTS), check=commands, fix=commands, more=_TEXTS[0])


def pytest_report_header() -> list[str]:
    """Begin with secrets."""
    return [f"key: {text}" for text in _TEXTS]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with them."""
    for text in _TEXTS:
        terminalreporter.section(text)
        terminalreporter.write_line(text)


@pytest.hookimpl(optionalhook=True)
def pytest_metadata(metadata: dict[str, Any]) -> None:
    """Put secrets where pytest-html shows the machine."""
    metadata["Keys"] = {text: text for text in _TEXTS}


def pytest_sessionfinish() -> None:
    """Print outside all tests."""
    for text in _TEXTS:
        print(text)  # noqa: T201  # a leak
