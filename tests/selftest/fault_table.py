"""``reports/faults.md``: what the matrix found for each fault, and how soon."""

from collections.abc import Mapping
from typing import Any

import pytest

from kalshi_preflight.report.writing import write_atomically

#: The property under which a matrix test hands its row over (also to xdist).
TABLE_ROW = "fault_table_row"
_HEAD = """\
# Faults

Made by the matrix self-test: every fault of the embedded exchange, injected for real.
Where several causes are found, the first is the root. `exit` is that of `pytest -m
sandbox --fault=NAME` (`fix-*` with `--fix-logon`; FIX is not required, so it warns).
The time is that from starting the exchange to the verdict; what is silent is cut short
by a budget of a few seconds, and a busy machine takes longer for everything.

"""
_COLUMNS = """\
| layer | fault | cause found | severity | exit | ms |
|---|---|---|---|---|---|
"""


class FaultTable:
    """Gathers the rows of a run; writes the table if the whole matrix was run."""

    def __init__(self, config: pytest.Config) -> None:
        self._path = config.rootpath / "reports" / "faults.md"
        self._rows: list[Mapping[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the row of a matrix test that passed."""
        if report.when == "call" and report.passed:
            for name, row in report.user_properties:
                if name == TABLE_ROW and isinstance(row, Mapping):
                    self._rows.append(row)

    def pytest_sessionfinish(self) -> None:
        """Write the table."""
        if not self._rows:
            return
        from kalshi_preflight.exchange import FAULTS

        order = {fault.name: place for place, fault in enumerate(FAULTS)}
        if len(self._rows) < len(order):
            return
        rows = sorted(self._rows, key=lambda row: order[row["fault"]])
        lines = (
            f"| {row['layer']} | {row['fault']} | {row['found']} |"
            f" {row['severity']} | {row['exit_code']} | {row['elapsed_ms']:.0f} |\n"
            for row in rows
        )
        causes = {cause for row in rows for cause in row["found"].split(", ")}
        told = f"{len(rows)} faults, {len(causes)} causes.\n\n"
        write_atomically(self._path, _HEAD + told + _COLUMNS + "".join(lines))


def pytest_configure(config: pytest.Config) -> None:
    """Gather once: in the controller of a distributed run, which collects nothing."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FaultTable(config))
