"""Every question must have been asked: what there is, against what was answered.

Whatever makes a run smaller (``-k``, ``--deselect``, ``--lf``, ``--stepwise``, a path,
``--ignore``, a conftest's mark, an empty set of parameters, an end before the end)
leaves a question without a report. So what there is to ask is read off the files of the
live tests, which no option changes, and not off what pytest collected.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import kalshi_preflight
from kalshi_preflight.plugin.selection import (
    ENGINE,
    endpoints,
    names_engine,
    names_environment,
)
from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.survey.plan import JOURNEYS

#: The folder that all of this project lies in; the live tests are no part of a wheel.
CHECKOUT = Path(kalshi_preflight.__file__).resolve().parents[2]
NOT_ASKED = "questions-not-asked"
#: The property that only the survey's answers bring; a test's place is known before.
_ANSWERED = "step_elapsed_ms"
NOT_CLEAN = "run-not-clean"


class Question(NamedTuple):
    """One live test, as its report names it; the engine's have only a name."""

    name: str
    environment: str = ""
    endpoint: str = ""


class _Ledger:
    """What was answered, and whether the run was broken off."""

    def __init__(self) -> None:
        self.answered: set[Question] = set()
        self.broken_off = False
        self.session: pytest.Session | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the question that a report answers; an expected failure is no answer."""
        if report.when == "teardown" or hasattr(report, "wasxfail"):
            return
        if report.when == "setup" and not report.skipped:
            return
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        told = {str(key): str(value) for key, value in report.user_properties}
        if _ANSWERED in told:
            question = Question(name, told["environment"], told.get("endpoint", ""))
            self.answered.add(question)
        elif ENGINE in report.keywords:
            self.answered.add(Question(name))

    def pytest_keyboard_interrupt(self) -> None:
        """Note Ctrl-C, and ``pytest.exit`` whatever code it was given."""
        self.broken_off = True


_WELL = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
_LEDGER = pytest.StashKey[_Ledger]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to note what is answered."""
    ledger = session.config.stash[_LEDGER] = _Ledger()
    ledger.session = session
    session.config.pluginmanager.register(ledger, "kalshi_preflight questions")


def shortfall(config: pytest.Config) -> str | None:
    """The id of what is missing to a whole run, or ``None``: for the gate alone."""
    ledger = config.stash.get(_LEDGER, None)
    if ledger is None or ledger.session is None or ledger.broken_off:
        return NOT_CLEAN
    if not ledger.answered.issuperset(expected(config)):
        return NOT_ASKED
    # Tests that failed have their cause in the document, which says more.
    ended_well = ledger.session.exitstatus in _WELL
    return None if ended_well and not ledger.session.shouldstop else NOT_CLEAN


def expected(config: pytest.Config) -> Iterator[Question]:
    """Every question that there is about the environments, and the engine, named."""
    wishes = config.stash[WISHES]
    for name in wishes.names:
        if names_environment(config, name):
            for endpoint in endpoints(wishes, name):
                for layer in JOURNEYS[endpoint]:
                    for question in questions_in(layer.value):
                        yield Question(question, name, endpoint.value)
    if names_engine(config) and wishes.v8_home is not None:
        yield from map(Question, questions_in(ENGINE))


@cache
def questions_in(subject: str) -> tuple[str, ...]:
    """The live tests about a layer or the engine, by name, from the file itself."""
    file = CHECKOUT / "tests" / "live" / f"test_{subject}.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    return tuple(f.name for f in functions if f.name.startswith("test_"))
