"""Run the survey: every journey of every environment at once."""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence

from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Facts
from kalshi_preflight.model.journey import Diagnosis, Journey, Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes import prepare
from kalshi_preflight.probes.line import Identity, Line
from kalshi_preflight.probes.trust import NoTrustStore
from kalshi_preflight.survey.identity import fix_identity_of, identity_of
from kalshi_preflight.survey.journey import OnStep, Traveller
from kalshi_preflight.survey.lateness import Lateness
from kalshi_preflight.survey.plan import Plan
from kalshi_preflight.survey.verdict import diagnose


async def run(
    plans: Sequence[Plan], *, budget_seconds: float, on_step: OnStep | None = None
) -> Survey:
    """Survey every planned environment; ends within ``budget_seconds``.

    Never raises for what a peer does. One deadline is handed down to every step, so
    that what was seen by then is kept. ``on_step`` is told how far each journey is.
    """
    await _prepare(plans)
    deadline = asyncio.get_running_loop().time() + budget_seconds
    lateness = Lateness()
    watching = asyncio.create_task(lateness.watch())
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_environment(plan, deadline, lateness, on_step))
                for plan in plans
            ]
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return Survey(diagnoses=tuple(task.result() for task in tasks))


async def _prepare(plans: Sequence[Plan]) -> None:
    """Pay beforehand for imports and trust stores, which no peer is to be charged.

    OpenSSL reads a store without holding the interpreter, so imports go on beside it.
    """
    reached = {layer for p in plans for kind in p.heights for layer in p.layers(kind)}
    secured = plans if Layer.TLS in reached else ()
    reading = asyncio.get_running_loop().run_in_executor(None, _read_stores, secured)
    prepare(
        reached,
        system_resolvers=any(p.environment.resolver is None for p in plans),
        logs_on=any(p.environment.fix_logon is not None for p in plans),
    )
    await reading


def _read_stores(plans: Iterable[Plan]) -> None:
    for plan in plans:
        for kind in plan.heights:
            # A list of roots that cannot be loaded is for the TLS step to tell.
            with contextlib.suppress(NoTrustStore):
                _line(plan, kind, Identity()).verifying()


async def _environment(
    plan: Plan, deadline: float, lateness: Lateness, on_step: OnStep | None
) -> Diagnosis:
    identity, fix_identity = await asyncio.gather(
        identity_of(plan), fix_identity_of(plan)
    )
    rest: asyncio.Future[Journey] = asyncio.get_running_loop().create_future()

    async def rest_auth() -> Facts:
        return _auth_outcome(await asyncio.shield(rest))

    async def travel(kind: EndpointKind) -> Journey:
        own = fix_identity if kind.is_fix else identity
        line = _line(plan, kind, own)
        traveller = Traveller(
            line=line,
            layers=plan.layers(kind),
            deadline=deadline,
            rest_auth=rest_auth,
            on_step=on_step,
            lateness=lateness,
        )
        journey = await traveller.travel()
        if kind is EndpointKind.REST:
            rest.set_result(journey)
        return journey

    journeys = await asyncio.gather(*map(travel, plan.heights))
    rest.cancel()
    return diagnose(plan.environment, journeys)


def _line(plan: Plan, kind: EndpointKind, identity: Identity) -> Line:
    return Line(
        environment=plan.environment,
        endpoint=plan.environment.endpoints[kind],
        identity=identity,
        sibling=plan.sibling,
    )


def _auth_outcome(journey: Journey) -> Facts:
    """What REST's auth step says to somebody else who was refused: a cause, or none."""
    step = journey.step(Layer.AUTH)
    if step is None:
        return {"cause": None}
    if step.blocked_by is not None:
        return {"cause": step.blocked_by}
    broken = [c.id for c in step.causes if c.severity is Severity.BROKEN]
    return {"cause": broken[0] if broken else None}
