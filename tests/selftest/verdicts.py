"""From a diagnosis to the document and the exit code, by the plugin's own functions."""

from collections import Counter
from collections.abc import Container
from datetime import UTC, datetime
from typing import Any

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis, Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.document import document
from kalshi_preflight.report.verdict import exit_code
from kalshi_preflight.survey.verdict import diagnose
from tests.selftest.questions import Question, questions_of

#: What an environment requires that says nothing of it.
BY_DEFAULT = (EndpointKind.REST, EndpointKind.WEBSOCKET)


def as_required(
    diagnosis: Diagnosis, required: tuple[EndpointKind, ...] = BY_DEFAULT
) -> Diagnosis:
    """The same journeys, judged by somebody who requires these endpoints."""
    environment = Environment(
        name=diagnosis.environment, endpoints={}, required=required
    )
    return diagnose(environment, diagnosis.journeys)


def questions(
    diagnosis: Diagnosis, required: tuple[EndpointKind, ...] = BY_DEFAULT
) -> list[Question]:
    """Every live question of every journey, asked by that somebody."""
    return [
        question
        for journey in diagnosis.journeys
        for question in questions_of(diagnosis, journey, required=required)
    ]


def document_of(
    diagnosis: Diagnosis,
    required: tuple[EndpointKind, ...] = BY_DEFAULT,
    asked: Container[Layer] = tuple(Layer),
) -> dict[str, Any]:
    """The document of a run that asks about these layers of this one environment."""
    seen = as_required(diagnosis, required)
    tests = [q.outcome for q in questions(seen, required) if q.layer in asked]
    return document(
        Survey(diagnoses=(seen,)),
        hints=lambda _, cause: hint_for(cause),
        suite_version="0",
        started=datetime.now(UTC),
        duration_ms=0,
        tests=Counter(tests),
        selected=[seen.environment],
    )


def exit_code_of(
    diagnosis: Diagnosis,
    required: tuple[EndpointKind, ...] = BY_DEFAULT,
    asked: Container[Layer] = tuple(Layer),
) -> int:
    """The exit code of such a run; pytest's own is 1 where a test failed, else 0."""
    made = document_of(diagnosis, required, asked)
    return exit_code(1 if made["tests"]["failed"] else 0, made)
