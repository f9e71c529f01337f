"""The engine's questions: from one inspection to the answers and outcomes of tests."""

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from kalshi_preflight.model.cause import EngineCause, Severity
from kalshi_preflight.model.journey import Diagnosis, Status, Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.answers import asked
from kalshi_preflight.plugin.failure import Failure
from kalshi_preflight.plugin.hints import hint_for
from kalshi_preflight.plugin.outcome import SHELL, put_remark
from kalshi_preflight.plugin.redaction import redactor_of
from kalshi_preflight.report.document import engine_record
from kalshi_preflight.report.terminal import engine_failure_text

if TYPE_CHECKING:
    # A run that does not ask about the engine does not pay for its room.
    from kalshi_preflight.engine.context import Live
    from kalshi_preflight.engine.inspection import Inspection

#: The inspection of this run, once it has been made.
INSPECTION = pytest.StashKey["Inspection"]()
_ANSWERS = pytest.StashKey["EngineAnswers"]()
NO_WORKSPACE = "no workspace: give it with --v8-home=DIR or V8_HOME"
_ORIGIN_REFUSED = "ws-origin-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineAnswers:
    """What the inspection found, asked by one live test.

    ``answers["state"]`` is a fact of the ``subject`` (``None`` if it was not observed);
    ``broken`` are the ids of what answers this test's question with no.
    """

    inspection: "Inspection"
    subject: str
    question: str

    def __getitem__(self, fact: str) -> Any:
        return self.inspection.facts.get(self.subject, {}).get(fact)

    @property
    def _own(self) -> tuple[EngineCause, ...]:
        causes = self.inspection.causes
        return tuple(c for c in causes if c.question == self.question)

    @property
    def broken(self) -> list[str]:
        """The ids of the broken causes of this question."""
        return [c.id for c in self._own if c.severity is Severity.BROKEN]

    @property
    def cause(self) -> EngineCause | None:
        """The cause that answers this test's question with no."""
        broken = (c for c in self._own if c.severity is Severity.BROKEN)
        return next(broken, None)

    @property
    def remarks(self) -> tuple[EngineCause, ...]:
        """Warnings and notes about this test's question."""
        return tuple(c for c in self._own if c.severity is not Severity.BROKEN)

    @property
    def unasked(self) -> str | None:
        """Why the question has no answer: blocked by a cause, or not to be told."""
        if self.cause is not None:
            return None
        for untold in self.inspection.unknown:
            if untold.question == self.question:
                if untold.blocked_by is not None:
                    return f"blocked by {untold.blocked_by}"
                return f"cannot tell: {untold.reason}"
        told = (c for c in self.remarks if c.cannot_tell)
        return next((f"cannot tell: {c.id}: {c.summary}" for c in told), None)


def answers_to(
    item: pytest.Item, inspection: "Inspection", subject: str
) -> EngineAnswers:
    """Give the answers to one live test, or skip it: blocked, or cannot be told."""
    question = getattr(item, "originalname", item.name)
    answers = EngineAnswers(inspection=inspection, subject=subject, question=question)
    item.stash[_ANSWERS] = answers
    item.user_properties.append(("subject", subject))
    if answers.cause is not None:
        item.user_properties.append(("cause", answers.cause.id))
    item.user_properties += [(str(c.severity), c.id) for c in answers.remarks]
    if reason := answers.unasked:
        pytest.skip(reason)
    return answers


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the inspection decide what a live test's outcome is, and what it says."""
    report = yield
    answers = item.stash.get(_ANSWERS, None)
    if answers is None or report.when != "call" or report.skipped:
        return report
    if answers.cause is not None:
        report.outcome = "failed"
        report.longrepr = _failure(item, answers)
    elif report.failed:
        # The answer is no and no rule says why: our defect, told without a traceback.
        said = call.excinfo.exconly() if call.excinfo else ""
        report.longrepr = f"engine: v8-unclassified\n{answers.question}: {said}"
    for found in answers.remarks:
        put_remark(report, found)
    return report


def _failure(item: pytest.Item, answers: EngineAnswers) -> Failure | str:
    config, cause = item.config, answers.cause
    assert cause is not None
    text = partial(
        engine_failure_text,
        cause,
        hint_for(config, None, cause),
        width=config.get_terminal_writer().fullwidth,
        shell=SHELL,
        redact=redactor_of(config).value,
    )
    # The verdict on the engine tells the whole remedy of its first broken cause.
    if cause is not answers.inspection.broken:
        return text()
    screen = config.get_terminal_writer()
    return Failure(text(), brief=text(asked=asked(item)), screen=screen)


def record_of(config: pytest.Config) -> dict[str, Any] | None:
    """The engine's part of the document, if it was inspected."""
    inspection = config.stash.get(INSPECTION, None)
    if inspection is None:
        return None
    return engine_record(
        inspection.verdict,
        inspection.causes,
        inspection.facts,
        lambda cause: hint_for(config, None, cause),
    )


def live_of(survey: Survey, environment: str | None) -> "Live":
    """What the layers have just seen of the environment that the engine trades on."""
    from kalshi_preflight.engine.context import Live

    if environment is None:
        return Live()
    diagnosis = survey.diagnosis(environment)
    return Live(
        environment=environment,
        layers=_layers(diagnosis),
        origin_refused=any(c.id == _ORIGIN_REFUSED for c in diagnosis.other_causes),
    )


def _layers(diagnosis: Diagnosis) -> dict[Layer, str | None]:
    """Each layer with the id of what breaks or blocks it; of two journeys, REST's."""
    layers: dict[Layer, str | None] = {}
    for journey in diagnosis.journeys:
        for step in journey.steps:
            broken = step.broken.id if step.broken else step.blocked_by
            if step.status is not Status.SKIPPED or step.layer is Layer.DNS:
                layers.setdefault(step.layer, broken)
    return layers


def trading_on(survey: Survey, named: str | None) -> str | None:
    """The environment whose account belongs to the engine's books.

    The one that ``KALSHI_ENV`` names if it was selected, else the only one that was.
    """
    selected = [diagnosis.environment for diagnosis in survey.diagnoses]
    if named in selected:
        return named
    return selected[0] if len(selected) == 1 else None
