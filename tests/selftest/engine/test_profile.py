"""Another engine is one more row: its workspace is known by what lies in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.engine.profile import PROFILES, SCALPER_V8, profile_of

pytestmark = pytest.mark.selftest

OTHER = replace(SCALPER_V8, name="Other", database="other.db", log="other.log")
BOTH = {SCALPER_V8.name: SCALPER_V8, OTHER.name: OTHER}


@pytest.mark.parametrize(
    ("there", "name"),
    [
        ([], "Scalper V8"),
        (["scalper_v8.db"], "Scalper V8"),
        (["other.db"], "Other"),
        (["other.log"], "Other"),
        (["other.log", "scalper_v8.db"], "Scalper V8"),
        (["other.db", "scalper_v8.db"], "Scalper V8"),
    ],
)
def test_a_workspace_shows_whose_it_is(
    there: list[str], name: str, tmp_path: Path
) -> None:
    """The database decides, then the log; an empty workspace is the default's."""
    for file in there:
        (tmp_path / file).touch()
    assert profile_of(tmp_path, BOTH).name == name


def test_the_default_comes_first() -> None:
    """Without anything to go by it is Scalper V8."""
    assert next(iter(PROFILES.values())) is SCALPER_V8
