"""The live questions, asked of a survey without a pytest run in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis, Journey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.answers import Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One live test, and what became of it: passed, failed, blocked or skipped."""

    name: str
    endpoint: EndpointKind
    layer: Layer
    answers: Answers
    outcome: str


def questions_of(
    diagnosis: Diagnosis,
    journey: Journey,
    *,
    required: tuple[EndpointKind, ...] = tuple(EndpointKind),
) -> Iterator[Question]:
    """Ask every live question of every layer that the journey has."""
    environment = Environment(
        name=diagnosis.environment, endpoints={}, required=required
    )
    for step in journey.steps:
        module = import_module(f"tests.live.test_{step.layer}")
        for name, test in vars(module).items():
            if name.startswith("test_"):
                answers = Answers(environment=environment, step=step, question=name)
                yield Question(
                    name=name,
                    endpoint=journey.endpoint,
                    layer=step.layer,
                    answers=answers,
                    outcome=_ask(test, answers),
                )


def _ask(test: Any, answers: Answers) -> str:
    if reason := answers.unasked:
        return "blocked" if reason.startswith("blocked by ") else "skipped"
    try:
        test(answers)
    except AssertionError:
        if answers.cause is None:
            return "blocked" if answers.step.broken is not None else "failed"
    except pytest.skip.Exception as skipped:
        return "blocked" if str(skipped).startswith("blocked by ") else "skipped"
    # As in the plugin: a cause makes the question fail, whatever its facts say; but
    # what is not required only warns.
    return "failed" if answers.cause and answers.required else "passed"
