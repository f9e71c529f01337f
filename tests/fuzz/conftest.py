"""The campaigns show what they counted."""

from collections.abc import Callable, Iterator

import pytest

from tests.fuzz.campaign import TALLIES, Tally
from tests.selftest.conftest import loopback_only

__all__ = ["loopback_only"]

_SHOWN_OUTCOMES = 6
_ROW = "hostile_inputs"


@pytest.fixture(autouse=True)
def told(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Hand over what a test has counted, also to another process."""
    yield
    for name, tally in TALLIES.items():
        row = (tally.inputs, dict(tally.outcomes), tally.slowest_ms)
        record_property(_ROW, (name, *row))
    TALLIES.clear()


class _Table:
    """Inputs, different outcomes and the slowest of each target, at the end of all."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what one test has counted."""
        for kind, row in report.user_properties:
            if kind == _ROW and report.when == "teardown":
                assert isinstance(row, tuple | list)  # xdist makes a list of it
                name, inputs, outcomes, slowest_ms = row
                tally = self._tallies.setdefault(name, Tally())
                tally.inputs += inputs
                tally.outcomes.update(outcomes)
                tally.slowest_ms = max(tally.slowest_ms, slowest_ms)

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        """Print the table."""
        if not self._tallies:
            return
        write = terminalreporter.write_line
        terminalreporter.section("hostile inputs")
        write(f"{'target':<22}{'inputs':>9}{'outcomes':>10}{'slowest ms':>12}  mostly")
        for name, tally in self._tallies.items():
            most = tally.outcomes.most_common(_SHOWN_OUTCOMES)
            mostly = ", ".join(f"{outcome} {times}" for outcome, times in most)
            counts = f"{tally.inputs:>9}{len(tally.outcomes):>10}"
            write(f"{name:<22}{counts}{tally.slowest_ms:>12.0f}  {mostly}")
        write(f"{'all':<22}{sum(t.inputs for t in self._tallies.values()):>9}")


def pytest_configure(config: pytest.Config) -> None:
    """Gather once: in the controller of a distributed run."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Table())
