"""The table of claims: one row each, and every test that it names exists."""

import ast
import re

import pytest

from tests.selftest.runs import ROOT

pytestmark = pytest.mark.selftest

_ROW = re.compile(r"^\| (B\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_CLAIMS = _ROW.findall((ROOT / "docs" / "claims.md").read_text(encoding="utf-8"))


def test_every_claim_has_its_row() -> None:
    """B1 to B32 stand there once each, in order."""
    assert [name for name, *_ in _CLAIMS] == [f"B{n}" for n in range(1, 33)]


@pytest.mark.parametrize("claim", _CLAIMS, ids=[name for name, *_ in _CLAIMS])
def test_the_test_of_a_claim_exists(claim: tuple[str, str, str, str]) -> None:
    """The last cell names tests by file and function, and they are there."""
    named = _TEST.findall(claim[3])
    assert named
    for file, test in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert test in {n.name for n in ast.walk(tree) if isinstance(n, kinds)}
