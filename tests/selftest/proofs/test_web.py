"""The table of proofs names what exists."""

import re
from importlib import import_module

import pytest

from kalshi_preflight.exchange import FAULTS
from tests.selftest.proofs.web import PROOFS

pytestmark = pytest.mark.selftest

_NODE = re.compile(r"(?P<file>tests/\S+)\.py::(?P<test>\w+)\[(?P<case>.+)\]")
_FAULTS = {fault.name for fault in FAULTS}


def cases_of(file: str, test: str) -> set[str]:
    """The ids of a test's parameters, as pytest makes them of strings."""
    function = getattr(import_module(file.replace("/", ".")), test)
    (mark,) = [m for m in function.pytestmark if m.name == "parametrize"]
    return {
        "-".join(map(str, values)) if isinstance(values, tuple) else str(values)
        for values in mark.args[1]
    }


@pytest.mark.parametrize("failure", PROOFS)
def test_the_proof_of_a_failure_exists(failure: str) -> None:
    """The fault is one of the exchange's, or the test has a case of that name."""
    proof = PROOFS[failure]
    node = _NODE.fullmatch(proof)
    if node is None:
        assert proof in _FAULTS
    else:
        assert node["case"] in cases_of(node["file"], node["test"])


def test_enough_is_proved() -> None:
    """At least 120 failures known from the field are brought about here."""
    assert len(PROOFS) >= 120
