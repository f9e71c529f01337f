"""Two faults at once, drawn at random: the lower one is always the root cause."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from kalshi_preflight.exchange import FAULTS, Exchange, Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment, sandbox_sibling
from kalshi_preflight.survey.run import run
from tests.selftest.expectations import expected_of
from tests.selftest.long import rounds
from tests.selftest.surveys import one_key, unhurried, whole_plan

pytestmark = pytest.mark.selftest

SEED = 20261122
_REQUIRED = {EndpointKind.REST, EndpointKind.WEBSOCKET}
PAIRS = rounds(60, 240)
#: So many exchanges run side by side; what is silent then costs its deadline once.
_TOGETHER = 8
#: Several exchanges on a busy machine need more time for their observations than one.
_BUDGET_SECONDS = 6.0


@cache
def rank(fault: Fault) -> int:
    """How low a fault strikes."""
    return Layer(str(fault.layer)).rank


@cache
def is_broken(fault: Fault) -> bool:
    """Whether the fault breaks what is required: FIX alone only degrades."""
    return not _REQUIRED.isdisjoint(expected_of(fault).broken)


def by_proxy(*faults: Fault) -> bool:
    """Whether a fault brings a proxy along, which makes the lower steps its own."""
    return any(fault.name.startswith("proxy-") for fault in faults)


@cache
def answers_names(fault: Fault) -> bool:
    """Whether a fault gives answers to DNS questions: of two, only one is heard."""
    hooks = Hooks()
    fault.apply(hooks)
    return bool(hooks.dns.answers)


def can_be_together(low: Fault, high: Fault) -> bool:
    """Whether both faults of a pair are really there, on different layers."""
    both_answer = answers_names(low) and answers_names(high)
    return rank(low) < rank(high) and not by_proxy(low, high) and not both_answer


def drawn() -> list[tuple[Fault, Fault]]:
    """Pairs on different layers, the lower fault first and broken."""
    # What only measuring shows is no part of a survey.
    surveyed = [fault for fault in FAULTS if not fault.measured]
    by_layer = sorted(surveyed, key=rank)
    pairs = [
        (low, high)
        for low, high in combinations(by_layer, 2)
        if is_broken(low) and can_be_together(low, high)
    ]
    return random.Random(SEED).sample(pairs, min(PAIRS, len(pairs)))  # noqa: S311


def diagnosed(
    pairs: list[tuple[Fault, Fault]], folder: Path
) -> Iterator[tuple[tuple[Fault, Fault], Diagnosis]]:
    """Each pair with its diagnosis; all of them are surveyed together."""
    with ExitStack() as stack:
        plans = []
        for number, pair in enumerate(pairs):
            directory = folder / str(number)
            directory.mkdir()
            names = [fault.name for fault in pair]
            made = Exchange(directory, faults=names, rsa_key=one_key())
            exchange = stack.enter_context(made)
            environment = sandbox_environment(exchange.state)
            sibling = sandbox_sibling(exchange.state)
            environment = replace(environment, name=f"pair{number}")
            plans.append(whole_plan(environment, sibling))
        survey = asyncio.run(run(plans, budget_seconds=unhurried(_BUDGET_SECONDS)))
    yield from zip(pairs, survey.diagnoses, strict=True)


@pytest.mark.timeout(60 + 4 * PAIRS)
@pytest.mark.parametrize("part", range(4))
def test_the_lower_fault_is_the_root_cause(part: int, tmp_path: Path) -> None:
    """For every pair drawn, the root cause is that of the lower fault."""
    pairs = drawn()[part::4]
    assert pairs
    for start in range(0, len(pairs), _TOGETHER):
        batch = pairs[start : start + _TOGETHER]
        folder = tmp_path / str(start)
        folder.mkdir()
        for (low, high), diagnosis in diagnosed(batch, folder):
            root = diagnosis.root_cause
            assert root is not None, (low.name, high.name)
            assert root.id == low.cause, (low.name, high.name, root)


def test_enough_pairs_are_drawn() -> None:
    """There are as many pairs as are promised, and the drawing is repeatable."""
    assert len(drawn()) == PAIRS
    assert drawn() == drawn()
