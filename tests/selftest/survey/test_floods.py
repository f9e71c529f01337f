"""One budget holds against every peer, and so does the cap on what it may send."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.wire import Stream
from kalshi_preflight.model.environment import EndpointKind, Environment, HostPort
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.probes.wire import RECEIVED_LIMIT_BYTES
from kalshi_preflight.survey.plan import JOURNEYS, plan
from kalshi_preflight.survey.run import run
from tests.selftest.survey.floods import (
    FLOODS,
    giant_resolver,
    stray_resolver,
)

pytestmark = pytest.mark.selftest

BUDGET_SECONDS = 2.0
#: A run that is still going by then has no bound; no faster machine changes that.
HANGS_SECONDS = 12.0
#: What two kernels keep between a peer that sends and a program that does not read.
KERNEL_BYTES = 16 * 1024 * 1024


def survey(environment: Environment, endpoint: EndpointKind) -> Diagnosis:
    """Survey to the top of one endpoint, or fail where that has no end."""
    planned = plan(environment, {endpoint: JOURNEYS[endpoint][-1]})

    async def bounded() -> Diagnosis:
        async with asyncio.timeout(HANGS_SECONDS):
            survey = await run([planned], budget_seconds=BUDGET_SECONDS)
        return survey.diagnoses[0]

    return asyncio.run(bounded())


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """The bytes that the peer got rid of, on each of its connections."""
    counts: dict[int, int] = {}
    connections: list[Stream] = []
    healthy = Stream.send_raw
    above = Stream.send

    async def send_raw(stream: Stream, data: bytes) -> None:
        await healthy(stream, data)
        connections.append(stream)  # keeps its id its own
        counts[id(stream)] = counts.get(id(stream), 0) + len(data)

    async def send(stream: Stream, data: bytes) -> None:
        await above(stream, data)
        connections.append(stream)
        counts[id(stream)] = counts.get(id(stream), 0) + len(data)

    monkeypatch.setattr(Stream, "send_raw", send_raw)
    monkeypatch.setattr(Stream, "send", send)
    return counts


@pytest.mark.parametrize("name", FLOODS)
def test_the_budget_and_the_cap_hold(
    name: str, tmp_path: Path, sent: dict[int, int]
) -> None:
    """The survey ends by itself, names the peer's fault, and has not read for ever."""
    flood = FLOODS[name]
    exchange = Exchange(tmp_path)
    flood.apply(exchange.hooks)
    with exchange:
        environment = sandbox_environment(exchange.state, fix_logon=True)
        alone = {flood.endpoint: environment.endpoints[flood.endpoint]}
        environment = replace(environment, endpoints=alone, required=tuple(alone))
        diagnosis = survey(environment, flood.endpoint)
    broken = [step for step in diagnosis.journeys[0].steps if step.broken]
    assert broken or not flood.causes
    for step in broken:
        failure = step.evidence.failure
        in_time = failure is None or failure.kind != "timeout"
        ids = {cause.id for cause in step.causes}
        assert not in_time or ids & flood.causes
    assert max(sent.values(), default=0) <= RECEIVED_LIMIT_BYTES + KERNEL_BYTES


Resolver = Callable[[], AbstractContextManager[HostPort]]


@pytest.mark.parametrize("resolver", [stray_resolver, giant_resolver])
def test_resolvers_without_end(resolver: Resolver, tmp_path: Path) -> None:
    """A resolver that never comes to the point costs the budget and no more."""
    changes: dict[str, Any] = {"required": (EndpointKind.REST,)}
    with Exchange(tmp_path) as exchange, resolver() as address:
        environment = sandbox_environment(exchange.state)
        changes["resolver"] = address
        diagnosis = survey(replace(environment, **changes), EndpointKind.REST)
    assert diagnosis.root_cause is not None
    assert diagnosis.root_cause.id in ("dns-resolver-silent", "dns-server-failure")
