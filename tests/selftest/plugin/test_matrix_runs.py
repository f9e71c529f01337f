"""The matrix against whole runs: exit code and outcomes are those of a real pytest."""

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from kalshi_preflight.exchange import FAULTS, Fault
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from tests.selftest.expectations import expected_of
from tests.selftest.long import rounds
from tests.selftest.runs import run_suite
from tests.selftest.surveys import survey_faults
from tests.selftest.verdicts import BY_DEFAULT, exit_code_of, questions

pytestmark = pytest.mark.selftest

SEED = 20261122
_NODE = re.compile(r"tests/live/test_(\w+)\.py::(\w+)\[sandbox-(\w+)\]")
Key = tuple[EndpointKind, Layer, str]


def drawn() -> list[Fault]:
    """One fault of each layer, in random order, and then any."""
    random_ = random.Random(SEED)  # noqa: S311
    layers = random_.sample(list(Layer), len(Layer))
    first = [random_.choice([f for f in FAULTS if f.layer == la]) for la in layers]
    others = [fault for fault in FAULTS if fault not in first]
    return [*first, *random_.sample(others, 5)][: rounds(3, 12)]


def outcomes_in(ledger: Path) -> dict[Key, str]:
    """The live questions of a run that belong to a layer of a journey."""
    outcomes: dict[Key, str] = {}
    for line in ledger.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        node = _NODE.fullmatch(entry["test"])
        if node is not None and node[1] in set(Layer):
            key = EndpointKind(node[3]), Layer(node[1]), node[2]
            assert outcomes.setdefault(key, entry["outcome"]) == entry["outcome"]
    return outcomes


@pytest.mark.timeout(150)
@pytest.mark.parametrize("fault", drawn(), ids=lambda fault: fault.name)
def test_a_run_is_what_the_matrix_says(fault: Fault, tmp_path: Path) -> None:
    """``pytest -m sandbox --fault`` ends as expected, question by question."""
    diagnosis = survey_faults(tmp_path, [fault.name])
    asked = questions(diagnosis)
    expected = {(q.endpoint, q.layer, q.name): q.outcome for q in asked}
    ledger = tmp_path / "ledger.jsonl"
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-m", "sandbox", f"--fault={fault.name}", "--fix-logon"),
        *("-p", "tests.selftest.plugin.outcome_ledger"),
        variables={"OUTCOME_LEDGER": str(ledger)},
    )
    assert outcomes_in(ledger) == expected, run.screen
    assert run.exit_code == expected_of(fault).exit_code(BY_DEFAULT), run.screen
    assert run.exit_code == exit_code_of(diagnosis)
    counts = Counter(expected.values())
    assert Counter(run.counts) >= counts
