"""Every fault on disk, really injected: cause, layer, severity, blocked set, exit code.

The walk starts at the files, not at the list of faults, so that a fault which nobody
lists is found as well. What is expected of each live question is worked out beforehand,
in ``expectations``.
"""

import fnmatch
import re
import time
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from kalshi_preflight.causes import rendering
from kalshi_preflight.causes.catalogue import CATALOGUE, hint_for
from kalshi_preflight.causes.rows import unclassified
from kalshi_preflight.exchange import FAULTS, Fault
from kalshi_preflight.model.cause import Cause, Severity
from kalshi_preflight.model.journey import Diagnosis, Journey, Status
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.survey.plan import JOURNEYS
from tests.selftest.expectations import ALL, TABLES, Expected, expected_of
from tests.selftest.fault_table import TABLE_ROW
from tests.selftest.proofs.beyond import BEYOND
from tests.selftest.questions import questions_of
from tests.selftest.runs import ROOT
from tests.selftest.surveys import survey_faults
from tests.selftest.verdicts import BY_DEFAULT, exit_code_of, questions

pytestmark = pytest.mark.selftest

FAULT_FILES = ROOT / "src" / "kalshi_preflight" / "exchange" / "faults"
_ROOM = "kalshi_preflight.exchange.faults"
#: Particulars of every cause, and values that tell nothing of the case.
_ALWAYS_THERE = {"environment", "endpoint", "host", "port", "target"}
_SAYS_NOTHING = {"", "none", "None", "unknown", "unnamed", "[]"}
_WAYS = tuple(JOURNEYS[kind] for kind in BY_DEFAULT)
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


def check_matrix(expected: Expected, diagnosis: Diagnosis, exit_code: int) -> None:
    """Every cell of the fault's row: layers, blocked set, outcomes and exit codes."""
    broken = {
        journey.endpoint: (step.layer, step.broken.id)
        for journey in diagnosis.journeys
        for step in journey.steps
        if step.broken is not None
    }
    assert broken == expected.broken
    blocked = {
        (journey.endpoint, step.layer)
        for journey in diagnosis.journeys
        for step in journey.steps
        if step.status is Status.BLOCKED
    }
    assert blocked == expected.blocked
    for question in questions(diagnosis, ALL):
        where = question.endpoint, question.layer, question.name
        assert question.outcome in expected.outcomes(*where), where
    assert exit_code == expected.exit_code(BY_DEFAULT)
    assert exit_code_of(diagnosis, ALL) == expected.exit_code(ALL)
    # Asked about the tops alone, most questions are blocked and none has failed.
    code = exit_code_of(diagnosis, BY_DEFAULT, {layers[-1] for layers in _WAYS})
    assert code == expected.exit_code(BY_DEFAULT)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_yields_its_cause(
    fault: Fault, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The injected fault is found as its cause, on its layer, with a remedy."""
    expected = expected_of(fault)
    started = time.perf_counter()
    diagnosis = survey_faults(tmp_path, [fault.name], measure=fault.measured)
    elapsed_ms = (time.perf_counter() - started) * 1000
    row: dict[str, object] = {"fault": fault.name, "layer": str(fault.layer)}
    row["elapsed_ms"] = elapsed_ms
    ids = dict.fromkeys(cause.id for cause in found(diagnosis))
    row["found"] = ", ".join(ids)
    row["severity"] = str(expected.severity)
    row["exit_code"] = exit_code = exit_code_of(diagnosis)
    request.node.user_properties.append((TABLE_ROW, row))
    causes = {cause.id: cause for cause in found(diagnosis)}
    assert fault.cause in causes, causes
    cause = causes[fault.cause]
    assert (str(cause.layer), cause.severity) == (fault.layer, expected.severity)
    root = fault.cause if expected.severity is Severity.BROKEN else None
    assert (diagnosis.root_cause and diagnosis.root_cause.id) == root
    assert set(causes) == {fault.cause, *fault.also}, "one fault, one cause"
    check_matrix(expected, diagnosis, exit_code)
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
    """Whatever fault a file of the room defines is listed, and names are unique."""
    on_disk = {
        fault.name
        for path in FAULT_FILES.glob("*.py")
        for value in vars(import_module(f"{_ROOM}.{path.stem}")).values()
        for fault in (value if isinstance(value, tuple) else (value,))
        if isinstance(fault, Fault)
    }
    assert on_disk == {fault.name for fault in FAULTS}
    assert len(on_disk) == len(FAULTS)


def test_every_fault_has_a_row() -> None:
    """What a fault should yield stands in the catalogue, on a layer that there is."""
    named = {cause for fault in FAULTS for cause in (fault.cause, *fault.also)}
    assert named <= set(CATALOGUE)
    assert {str(fault.layer) for fault in FAULTS} <= set(Layer)


def test_every_row_is_reached() -> None:
    """Every cause is brought about by a fault, or by a scene or setting that is named.

    What is not classified is a defect of ours and has no fault.
    """
    reached = {cause for fault in FAULTS for cause in (fault.cause, *fault.also)}
    ours = {row.id for row in unclassified.ROWS}
    assert set(CATALOGUE) - ours - reached - set(BEYOND) == set()
    assert not (reached | set(BEYOND)) & ours
    for proof in BEYOND.values():
        file, _, test = proof.partition("[")[0].partition("::")
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_exception_is_about_a_fault() -> None:
    """No entry of the tables of expectations is left over from a fault that is gone."""
    names = [fault.name for fault in FAULTS]
    for table in TABLES:
        assert not [entry for entry in table if not fnmatch.filter(names, entry)]
