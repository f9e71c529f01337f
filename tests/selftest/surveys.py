"""Surveys of an embedded exchange, without pytest in between."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.measurement.extent import Extent
from kalshi_preflight.measurement.run import measure_all
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.plugin.sandbox import sandbox_environment, sandbox_sibling
from kalshi_preflight.survey.plan import JOURNEYS, Plan, plan
from kalshi_preflight.survey.run import run
from kalshi_preflight.survey.verdict import measured

#: Enough for what answers; what is silent is cut short, which changes no verdict.
BUDGET_SECONDS = 3.0
#: A machine that has this much more to do than it has cores gets that much more time.
_MOST_TIMES = 4.0


def unhurried(seconds: float) -> float:
    """So many seconds of a machine that has nothing else to do."""
    if not hasattr(os, "getloadavg"):
        return seconds
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * min(max(1.0, waiting), _MOST_TIMES)


@cache
def one_key() -> rsa.RSAPrivateKey:
    """A key for all exchanges of these tests: no fault asks for another's.

    Making one is a fifth of what a fault costs.
    """
    return rsa.generate_private_key(65537, 2048)


def whole_plan(
    environment: Environment, sibling: Environment | None = None, *, fix: bool = False
) -> Plan:
    """All journeys of an environment, to their tops; FIX only where it is the point."""
    wanted = {
        kind: layers[-1]
        for kind, layers in JOURNEYS.items()
        if kind in environment.endpoints and (fix or not kind.is_fix)
    }
    return plan(environment, wanted, sibling)


def survey_environment(
    environment: Environment,
    *,
    sibling: Environment | None = None,
    fix: bool = False,
    budget_seconds: float = BUDGET_SECONDS,
) -> Diagnosis:
    """Survey all journeys of one environment, to their tops."""
    planned = whole_plan(environment, sibling, fix=fix)
    survey = asyncio.run(run([planned], budget_seconds=unhurried(budget_seconds)))
    return survey.diagnosis(environment.name)


def survey_faults(
    directory: Path,
    faults: Sequence[str],
    *,
    measure: bool = False,
    budget_seconds: float = BUDGET_SECONDS,
) -> Diagnosis:
    """Survey an embedded exchange that misbehaves in these ways; ``measure`` it, too.

    Every endpoint is required, so that whatever is broken is a root cause.
    """
    with Exchange(directory, faults=faults, rsa_key=one_key()) as exchange:
        environment = sandbox_environment(exchange.state, fix_logon=True)
        environment = replace(environment, required=tuple(EndpointKind))
        diagnosis = survey_environment(
            environment,
            sibling=sandbox_sibling(exchange.state),
            fix=True,
            budget_seconds=budget_seconds,
        )
        if measure:
            diagnosis = with_numbers(environment, diagnosis)
        return diagnosis


def with_numbers(
    environment: Environment, diagnosis: Diagnosis, extent: Extent | None = None
) -> Diagnosis:
    """Measure what a diagnosis found open, in the short form if not told otherwise."""
    name = environment.name
    found = asyncio.run(
        measure_all({name: environment}, {name: diagnosis}, extent or Extent())
    )
    return measured(diagnosis, found[name])


def broken_steps(diagnosis: Diagnosis, endpoint: EndpointKind) -> list[str]:
    """The layers on which the journey to ``endpoint`` is broken."""
    journey = diagnosis.journey(endpoint)
    assert journey is not None
    return [str(step.layer) for step in journey.steps if step.status == "broken"]
