"""Run the survey: every journey of every environment at once."""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Facts
from kalshi_preflight.model.journey import Diagnosis, Journey, Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes import prepare
from kalshi_preflight.probes.line import Line
from kalshi_preflight.probes.trust import NoTrustStore, client_context
from kalshi_preflight.survey.identity import fix_identity_of, identity_of
from kalshi_preflight.survey.journey import Traveller
from kalshi_preflight.survey.plan import Plan
from kalshi_preflight.survey.verdict import diagnose


async def run(plans: Sequence[Plan], *, budget_seconds: float) -> Survey:
    """Survey every planned environment; ends within ``budget_seconds``.

    Never raises for what a peer does. One deadline is handed down to every step, so
    that what was seen by then is kept.
    """
    await _prepare(plans)
    deadline = asyncio.get_running_loop().time() + budget_seconds
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_environment(plan, deadline)) for plan in plans]
    return Survey(diagnoses=tuple(task.result() for task in tasks))


async def _prepare(plans: Sequence[Plan]) -> None:
    """Pay beforehand for imports and trust stores, which no peer is to be charged.

    OpenSSL reads a store without holding the interpreter, so imports go on beside it.
    """
    reached = {layer for p in plans for kind in p.heights for layer in p.layers(kind)}
    files = {p.environment.ca_file for p in plans} if Layer.TLS in reached else set()
    reading = asyncio.get_running_loop().run_in_executor(None, _read_stores, files)
    prepare(
        reached,
        system_resolvers=any(p.environment.resolver is None for p in plans),
        logs_on=any(p.environment.fix_logon is not None for p in plans),
    )
    await reading


def _read_stores(files: Iterable[Path | None]) -> None:
    for file in files:
        # A list of roots that cannot be loaded is for the TLS step to tell.
        with contextlib.suppress(NoTrustStore):
            client_context(file)


async def _environment(plan: Plan, deadline: float) -> Diagnosis:
    identity, fix_identity = await asyncio.gather(
        identity_of(plan), fix_identity_of(plan)
    )
    rest: asyncio.Future[Journey] = asyncio.get_running_loop().create_future()

    async def rest_auth() -> Facts:
        return _auth_outcome(await asyncio.shield(rest))

    async def travel(kind: EndpointKind) -> Journey:
        line = Line(
            environment=plan.environment,
            endpoint=plan.environment.endpoints[kind],
            identity=fix_identity if kind is EndpointKind.FIX else identity,
            sibling=plan.sibling,
        )
        traveller = Traveller(
            line=line, layers=plan.layers(kind), deadline=deadline, rest_auth=rest_auth
        )
        journey = await traveller.travel()
        if kind is EndpointKind.REST:
            rest.set_result(journey)
        return journey

    journeys = await asyncio.gather(*map(travel, plan.heights))
    rest.cancel()
    return diagnose(plan.environment, journeys)


def _auth_outcome(journey: Journey) -> Facts:
    """What REST's auth step says to somebody else who was refused: a cause, or none."""
    step = journey.step(Layer.AUTH)
    if step is None:
        return {"cause": None}
    if step.blocked_by is not None:
        return {"cause": step.blocked_by}
    broken = [c.id for c in step.causes if c.severity is Severity.BROKEN]
    return {"cause": broken[0] if broken else None}
