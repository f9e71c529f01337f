"""Between a live test and the survey: the answers of one layer of one journey."""

from dataclasses import dataclass
from typing import Any

import pytest

from kalshi_preflight.model.cause import Cause, Severity
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Step, Survey
from kalshi_preflight.plugin.selection import (
    ENGINE,
    asks_engine,
    endpoint_of,
    environment_of,
    layer_of,
)

_QUESTION = "question"
ANSWERS = pytest.StashKey["Answers"]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the survey found on one layer, asked by one live test.

    ``answers["addresses"]`` is a fact. A fact that is missing because something else on
    this layer is broken skips the test as *blocked*; one that is missing because of
    what this very test asks about is ``None``, so that the test says no; one that was
    never observed (an optional header) skips the test and says so.
    """

    environment: Environment
    step: Step
    question: str

    def __getitem__(self, fact: str) -> Any:
        if fact in self.step.evidence.facts:
            return self.step.evidence.facts[fact]
        if self.cause is not None:
            return None
        if self.step.broken is not None:
            pytest.skip(f"blocked by {self.step.broken.id}")
        pytest.skip(f"not observed: {fact}")

    def first(self, *facts: str) -> Any:
        """The first of these facts that was observed."""
        seen = (fact for fact in facts if fact in self.step.evidence.facts)
        return self[next(seen, facts[0])]

    @property
    def elapsed_ms(self) -> float:
        """How long the step took."""
        return self.step.evidence.elapsed_ms

    @property
    def failure_kind(self) -> str | None:
        """The kind of failure that ended the step, if one did."""
        failure = self.step.evidence.failure
        return failure.kind if failure else None

    @property
    def cause(self) -> Cause | None:
        """The broken cause that answers this test's question with no."""
        return next(
            (c for c in self._own if c.severity is Severity.BROKEN),
            None,
        )

    @property
    def unasked(self) -> str | None:
        """Why the question need not be asked: blocked from below, or nothing to ask."""
        if self.step.blocked_by is not None:
            return f"blocked by {self.step.blocked_by}"
        # What was found without taking the step is an answer all the same.
        if not self._own and self.step.evidence.skipped is not None:
            return f"nothing to ask: {self.step.evidence.skipped}"
        return None

    @property
    def remarks(self) -> tuple[Cause, ...]:
        """Warnings and notes about this test's question."""
        return tuple(c for c in self._own if c.severity is not Severity.BROKEN)

    @property
    def _own(self) -> tuple[Cause, ...]:
        return tuple(c for c in self.step.causes if c.question == self.question)

    @property
    def required(self) -> bool:
        """Whether a broken endpoint of this kind makes the environment unreachable."""
        causes = self.step.causes
        return not causes or causes[0].endpoint in self.environment.required


def answers_to(
    item: pytest.Item,
    survey: Survey,
    environment: Environment,
    endpoint: EndpointKind,
) -> Answers:
    """Give the answers to one live test, or skip it: blocked, or nothing to ask."""
    journey = survey.diagnosis(environment.name).journey(endpoint)
    layer = layer_of(item)
    step = journey.step(layer) if journey and layer else None
    if step is None:
        pytest.skip(f"not configured: {endpoint}")
    question = getattr(item, "originalname", item.name)
    answers = Answers(environment=environment, step=step, question=question)
    item.stash[ANSWERS] = answers
    item.user_properties += _properties(answers)
    if reason := answers.unasked:
        pytest.skip(reason)
    return answers


def question_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The question of a live test in words, from its report; empty for other tests."""
    properties = getattr(report, "user_properties", ())
    return next((str(value) for name, value in properties if name == _QUESTION), "")


def _properties(answers: Answers) -> list[tuple[str, object]]:
    """What JUnit and other readers of reports are told of the answers.

    Where a test asks is told by :func:`place_of`, what blocks it by ``junit``.
    """
    properties: list[tuple[str, object]] = [
        ("step_elapsed_ms", answers.step.evidence.elapsed_ms)
    ]
    if answers.cause is not None:
        properties.append(("cause", answers.cause.id))
    return properties + [(str(c.severity), c.id) for c in answers.remarks]


def place_of(item: pytest.Item) -> list[tuple[str, object]]:
    """Where a live test asks, and what; known before it has an answer."""
    places = {
        "environment": environment_of(item),
        "endpoint": endpoint_of(item),
        "layer": ENGINE if asks_engine(item) else layer_of(item),
    }
    told = [(name, str(place)) for name, place in places.items() if place is not None]
    if not told:
        return []
    return [*told, (_QUESTION, asked(item))]


def asked(item: pytest.Item) -> str:
    """The question of a live test in words: its docstring, which people read."""
    return (getattr(getattr(item, "obj", None), "__doc__", "") or "").strip()
