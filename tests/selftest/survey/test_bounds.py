"""The budget holds, whatever the peer does."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.journey import Reach, Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.survey.journey import STEP_SECONDS
from kalshi_preflight.survey.plan import plan
from kalshi_preflight.survey.run import run
from tests.selftest.runs import run_suite

pytestmark = pytest.mark.selftest

BUDGET_SECONDS = 1.5
#: A run that is still going by then has no bound; no faster machine changes that.
HANGS_SECONDS = 30.0


def survey_all(
    environments: list[Environment], budget_seconds: float = BUDGET_SECONDS
) -> Survey:
    """Survey REST of several environments at once, or fail where it hangs."""

    async def bounded() -> Survey:
        async with asyncio.timeout(HANGS_SECONDS):
            plans = [plan(e, {EndpointKind.REST: Layer.AUTH}) for e in environments]
            return await run(plans, budget_seconds=budget_seconds)

    return asyncio.run(bounded())


@contextmanager
def silent_resolver() -> Iterator[HostPort]:
    """A resolver that reads and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        yield HostPort("127.0.0.1", sock.getsockname()[1])


def lab(name: str, resolver: HostPort) -> Environment:
    """An environment whose name only this resolver could know."""
    endpoint = Endpoint(
        kind=EndpointKind.REST,
        target=HostPort(f"{name}.lab.test", 443),
        url=f"https://{name}.lab.test/trade-api/v2",
    )
    return Environment(
        name=name, endpoints={EndpointKind.REST: endpoint}, resolver=resolver
    )


def test_many_silent_environments_cost_no_more_than_one() -> None:
    """Twenty environments with a silent resolver end together, each with a cause."""
    with silent_resolver() as resolver:
        names = [f"lab{number}" for number in range(20)]
        survey = survey_all([lab(name, resolver) for name in names])
    causes = {d.root_cause.id for d in survey.diagnoses if d.root_cause}
    assert causes == {"dns-resolver-silent"}
    assert [d.environment for d in survey.diagnoses] == names


def test_one_that_hangs_does_not_spoil_one_that_answers(tmp_path: Path) -> None:
    """A healthy environment is whole beside one that never answers."""
    with Exchange(tmp_path) as exchange, silent_resolver() as resolver:
        healthy = sandbox_environment(exchange.state)
        survey = survey_all([healthy, lab("mute", resolver)])
    assert survey.diagnosis("sandbox").verdict is Reach.REACHABLE
    assert survey.diagnosis("mute").verdict is Reach.UNREACHABLE


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """After a survey no task is left in the loop and no socket is open."""
    with Exchange(tmp_path, faults=["ws-closed"]) as exchange:
        planned = plan(
            sandbox_environment(exchange.state),
            {EndpointKind.REST: Layer.AUTH, EndpointKind.WEBSOCKET: Layer.WEBSOCKET},
        )

        async def tasks_left() -> set[asyncio.Task[object]]:
            await run([planned], budget_seconds=5)
            return asyncio.all_tasks() - {asyncio.current_task()}

        assert asyncio.run(tasks_left()) == set()


def test_a_hundred_silent_environments_cost_one_deadline() -> None:
    """A hundred that are silent end before the first could have a second deadline."""
    with silent_resolver() as resolver:
        labs = [lab(f"lab{number}", resolver) for number in range(100)]
        started = time.monotonic()
        survey = survey_all(labs, budget_seconds=10 * STEP_SECONDS)
        elapsed_seconds = time.monotonic() - started
    causes = [d.root_cause.id for d in survey.diagnoses if d.root_cause]
    assert causes == ["dns-resolver-silent"] * 100
    assert elapsed_seconds < 2 * STEP_SECONDS


def test_a_stuck_lookup_holds_nothing_up(tmp_path: Path) -> None:
    """A ``getaddrinfo`` that never returns delays neither verdict nor exit."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-p", "tests.selftest.survey.stuck_resolver"),
        *("-m", "sandbox", "--budget=8"),
    )
    # The run has come to its end: run_suite would have stopped a process that stays.
    assert run.exit_code in (0, 1)
    assert run.statuses("rest")["auth"] == "ok"
    steps = run.environment["journeys"][0]["steps"]
    assert "system_addresses" not in steps[0]["facts"]
