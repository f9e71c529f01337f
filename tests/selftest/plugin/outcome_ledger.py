"""A plugin for child runs: writes what became of each live question, as a person sees.

The file is named by the variable ``OUTCOME_LEDGER``: one JSON line for each test.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

_LEDGER = "OUTCOME_LEDGER"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_report_teststatus(
    report: pytest.TestReport,
) -> Generator[None, tuple[str, str, object], tuple[str, str, object]]:
    """Note the category under which the terminal counts a report, where it has one."""
    status = yield
    if status[0] and (report.when == "call" or status[0] != "passed"):
        line = json.dumps({"test": report.nodeid, "outcome": status[0]})
        with Path(os.environ[_LEDGER]).open("a", encoding="utf-8") as ledger:
            ledger.write(line + "\n")
    return status
