"""A machine that is busy with itself finds nobody slow."""

import asyncio
import time
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.probes import PROBES, Probe
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.survey import journey
from kalshi_preflight.survey.lateness import Lateness
from tests.selftest.surveys import survey_environment
from tests.selftest.test_matrix import found

pytestmark = pytest.mark.selftest

_BUSY_SECONDS = 1.3


def test_a_blocked_loop_is_late() -> None:
    """What blocks the loop is measured, also while it has not been noticed yet."""

    async def measured() -> tuple[float, float]:
        lateness = Lateness()
        watching = asyncio.create_task(lateness.watch())
        await asyncio.sleep(0.05)
        before_ms = lateness.so_far_ms()
        time.sleep(0.5)  # noqa: ASYNC251  # the very thing that is measured
        at_once_ms = lateness.so_far_ms()
        await asyncio.sleep(0.05)
        watching.cancel()
        return at_once_ms - before_ms, lateness.so_far_ms() - before_ms

    at_once_ms, afterwards_ms = asyncio.run(measured())
    assert at_once_ms > 400
    assert afterwards_ms > 400


def _resolve(line: Line, notes: Notes) -> None:
    """What the DNS step would find, in no time."""
    line.addresses = ("127.0.0.1",)
    notes.update(rcode="NOERROR", addresses=list(line.addresses))


async def _busy_dns(line: Line, notes: Notes) -> None:
    """The DNS step of a machine that computes something else meanwhile."""
    _resolve(line, notes)
    time.sleep(_BUSY_SECONDS)  # noqa: ASYNC251  # as a library that computes would


async def _waiting_dns(line: Line, notes: Notes) -> None:
    """The same, but it is the peer that is waited for."""
    _resolve(line, notes)
    await asyncio.sleep(_BUSY_SECONDS)


@pytest.mark.parametrize(
    ("probe", "causes"), [(_busy_dns, set()), (_waiting_dns, {"dns-slow"})]
)
def test_only_peers_are_slow(
    probe: Probe, causes: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time that this machine itself was late is taken off what is called slow."""
    monkeypatch.setattr(journey, "PROBES", {**PROBES, Layer.DNS: probe})
    with Exchange(tmp_path) as exchange:
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(environment, budget_seconds=10)
    slow = {cause.id for cause in found(diagnosis) if cause.id == "dns-slow"}
    assert slow == causes
