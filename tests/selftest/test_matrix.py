"""Every fault on disk, really injected: cause, layer, blocked set and hint.

The walk starts at the files, not at the list of faults, so that a fault which nobody
lists is found as well.
"""

import re
import time
from pathlib import Path
from string import Formatter

import pytest

from kalshi_preflight.causes import rendering
from kalshi_preflight.causes.catalogue import CATALOGUE, hint_for
from kalshi_preflight.exchange import FAULTS, Fault
from kalshi_preflight.model.cause import Cause, Severity
from kalshi_preflight.model.journey import Diagnosis, Journey, Status
from tests.selftest.fault_table import TABLE_ROW
from tests.selftest.questions import questions_of
from tests.selftest.runs import ROOT
from tests.selftest.surveys import survey_faults

pytestmark = pytest.mark.selftest

FAULT_FILES = ROOT / "src" / "kalshi_preflight" / "exchange" / "faults"
_NO_FAULTS = {"__init__", "fault"}
#: Particulars of every cause, and values that tell nothing of the case.
_ALWAYS_THERE = {"environment", "endpoint", "host", "port", "target"}
_SAYS_NOTHING = {"", "none", "None", "unknown", "unnamed", "[]"}
_GOOD = {Status.OK, Status.WARNED, Status.SKIPPED}


def found(diagnosis: Diagnosis) -> list[Cause]:
    """Everything that was found, the root cause first."""
    root = [diagnosis.root_cause] if diagnosis.root_cause else []
    return [*root, *diagnosis.other_causes]


def check_ladder(journey: Journey) -> None:
    """Below the broken step all is well, above it all is blocked by its cause."""
    statuses = [step.status for step in journey.steps]
    if Status.BROKEN not in statuses:
        return
    broken = statuses.index(Status.BROKEN)
    cause = journey.steps[broken].broken
    assert cause is not None
    assert set(statuses[:broken]) <= _GOOD, statuses
    for step in journey.steps[broken + 1 :]:
        assert (step.status, step.blocked_by) == (Status.BLOCKED, cause.id)


def check_hint(cause: Cause) -> None:
    """The hint has both shells' commands and leaves no placeholder open."""
    hint = hint_for(cause)
    assert hint.why
    for commands in (hint.check, hint.fix):
        assert commands.posix, cause.id
        assert commands.powershell, cause.id
    text = " ".join((cause.summary, hint.why))
    assert not re.search(r"\{[a-z_]+\}|\bNone\b", text), text
    check_particulars(cause, text)


def check_particulars(cause: Cause, text: str) -> None:
    """Where the evidence has particulars of the case, the prose names one at least."""
    own = {
        name: str(value)
        for name, value in cause.evidence.items()
        if name not in _ALWAYS_THERE and str(value) not in _SAYS_NOTHING
    }
    row = CATALOGUE[cause.id]
    named = {
        name
        for template in (row.summary, row.why)
        for _, name, _, _ in Formatter().parse(template)
        if name in own
    }
    assert named or not own, f"{cause.id} names none of {own}"
    for name in named:
        shown = rendering.prose(f"{{{name}}}", cause.evidence)
        assert shown in text, f"{cause.id}: {name}"


def check_questions(diagnosis: Diagnosis, journey: Journey) -> None:
    """Each live question fails if and only if a cause says why."""
    for question in questions_of(diagnosis, journey):
        expected = "failed" if question.answers.cause else question.outcome
        if question.answers.step.status is Status.BLOCKED:
            expected = "blocked"
        assert question.outcome == expected, question
        if question.outcome == "failed":
            assert question.answers.cause is not None, question


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_yields_its_cause(
    fault: Fault, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The injected fault is found as its cause, on its layer, with a remedy."""
    started = time.perf_counter()
    diagnosis = survey_faults(tmp_path, [fault.name], measure=fault.measured)
    elapsed_ms = (time.perf_counter() - started) * 1000
    row = {"fault": fault.name, "layer": str(fault.layer), "elapsed_ms": elapsed_ms}
    row["found"] = ", ".join(cause.id for cause in found(diagnosis))
    request.node.user_properties.append((TABLE_ROW, row))
    causes = {cause.id: cause for cause in found(diagnosis)}
    assert fault.cause in causes, causes
    cause = causes[fault.cause]
    if fault.measured:
        assert cause.severity is Severity.WARNING, "a measurement breaks nothing"
    if cause.severity is Severity.BROKEN:
        assert diagnosis.root_cause is not None
        assert diagnosis.root_cause.id == fault.cause
        assert str(cause.layer) == str(fault.layer)
    else:
        assert diagnosis.root_cause is None
    assert set(causes) == {fault.cause, *fault.also}, "one fault, one cause"
    for journey in diagnosis.journeys:
        check_ladder(journey)
        check_questions(diagnosis, journey)
    for every in causes.values():
        check_hint(every)


def test_a_healthy_exchange_has_no_cause(tmp_path: Path) -> None:
    """Without a fault nothing is found, nothing is warned of, every step is ok."""
    diagnosis = survey_faults(tmp_path, [])
    assert found(diagnosis) == []
    statuses = {step.status for journey in diagnosis.journeys for step in journey.steps}
    assert statuses == {Status.OK}
    for journey in diagnosis.journeys:
        outcomes = {question.outcome for question in questions_of(diagnosis, journey)}
        assert outcomes == {"passed"}


def test_every_fault_on_disk_is_listed() -> None:
    """Every file of the room defines faults that are listed, and names are unique."""
    modules = {path.stem for path in FAULT_FILES.glob("*.py")} - _NO_FAULTS
    listed = {fault.apply.__module__.rsplit(".", 1)[1] for fault in FAULTS}
    assert modules <= listed | {"wires"}
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
