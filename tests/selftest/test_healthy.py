"""Healthy runs in a row, under load on both cores: no false alarm."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.journey import Status
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.long import rounds
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest

RUNS = rounds(30, 300)
_CORES = 2


@pytest.fixture
def load() -> Iterator[None]:
    """Keep both cores busy with something else."""
    busy = [sys.executable, "-c", "while True: sum(range(10_000))"]
    processes = [subprocess.Popen(busy) for _ in range(_CORES)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.timeout(60 + 2 * RUNS)
@pytest.mark.usefixtures("load")
def test_no_false_alarm(tmp_path: Path) -> None:
    """Every run finds nothing to say about a healthy exchange."""
    with Exchange(tmp_path) as exchange:
        environment = sandbox_environment(exchange.state)
        for number in range(RUNS):
            diagnosis = survey_environment(environment, budget_seconds=10)
            found = [*diagnosis.other_causes, diagnosis.root_cause]
            assert found == [None], number
            steps = (step for j in diagnosis.journeys for step in j.steps)
            assert {step.status for step in steps} == {Status.OK}, number
