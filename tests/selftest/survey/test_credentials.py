"""Credentials as people have them, surveyed to the end.

Every cause that is found offline is brought about by a file or a variable of the kind
that causes it, read by the room of settings, and judged within a whole survey of a
healthy exchange that knows the good key.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.exchange import Exchange, State
from kalshi_preflight.model.cause import Cause, Severity
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.model.layer import Layer
from tests.selftest.survey.given import CASES, HARMLESS, SENT, Given
from tests.selftest.test_matrix import check_hint, check_ladder, check_questions, found

pytestmark = pytest.mark.selftest


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """A healthy exchange that all cases share."""
    with Exchange(tmp_path_factory.mktemp("exchange")) as exchange:
        yield exchange.state


def _only(diagnosis: Diagnosis, cause: str) -> Cause:
    causes = [c for c in found(diagnosis) if c.id == cause]
    assert len(causes) == 1, found(diagnosis)
    return causes[0]


@pytest.mark.parametrize("name", CASES)
def test_what_is_given_is_named(name: str, state: State, tmp_path: Path) -> None:
    """The cause is the one, before a signed byte was sent, with a complete remedy."""
    expected, give = CASES[name]
    given = Given(state, tmp_path)
    give(given)
    diagnosis = given.diagnosis()
    cause = _only(diagnosis, expected)
    assert cause.layer is Layer.AUTH
    check_hint(cause)
    if cause.severity is Severity.BROKEN:
        assert diagnosis.root_cause == cause
    for journey in diagnosis.journeys:
        check_ladder(journey)
        check_questions(diagnosis, journey)


@pytest.mark.parametrize("name", CASES)
def test_no_secret_is_said(name: str, state: State, tmp_path: Path) -> None:
    """Neither the key nor the whole id stands in a summary, a hint or evidence."""
    given = Given(state, tmp_path)
    CASES[name][1](given)
    said = "".join(
        f"{cause.summary}{hint_for(cause)}{dict(cause.evidence)}"
        for cause in found(given.diagnosis())
    )
    assert state.key_id not in said
    assert given.pem.splitlines()[1] not in said
    assert "hunter2" not in said


def test_commands_name_the_key_file(state: State, tmp_path: Path) -> None:
    """The commands for a key name its file, quoted where the shell needs it."""
    given = Given(state, tmp_path)
    CASES["encrypted"][1](given)
    cause = _only(given.diagnosis(), "key-encrypted")
    path = f"'{tmp_path / 'kalshi key.pem'}'"
    assert any(f"-in {path} " in line for line in hint_for(cause).fix.posix)
    assert any(f"-in {path} " in line for line in hint_for(cause).fix.powershell)


@pytest.mark.parametrize(
    ("given_id", "cause"), [(False, "key-id-missing"), (True, "key-missing")]
)
def test_plain_names_of_another_environment_are_told(
    given_id: bool, cause: str, state: State, tmp_path: Path
) -> None:
    """Names that KALSHI_ENV gives to another environment are said to be there."""
    given = Given(state, tmp_path)
    given.good()
    given.variables["KALSHI_ENV"] = "demo"
    if given_id:
        given.variables["KALSHI_API_KEY_ID_SANDBOX"] = state.key_id
    summary = _only(given.diagnosis(), cause).summary
    assert "belong to demo" in summary


@pytest.mark.parametrize("name", HARMLESS)
def test_what_every_reader_of_dotenv_understands_is_fine(
    name: str, state: State, tmp_path: Path
) -> None:
    """Quotes, blanks and comments of a common dotenv file are nothing to warn of."""
    given = Given(state, tmp_path)
    HARMLESS[name](given)
    assert found(given.diagnosis()) == []


@pytest.mark.parametrize("name", SENT)
def test_what_only_the_exchange_can_tell(
    name: str, state: State, tmp_path: Path
) -> None:
    """Two halves of different pairs, or an id that is gone, are told by its answer."""
    expected, give = SENT[name]
    given = Given(state, tmp_path)
    give(given)
    diagnosis = given.diagnosis()
    check_hint(_only(diagnosis, expected))
    assert [cause.id for cause in found(diagnosis)] == [expected]
