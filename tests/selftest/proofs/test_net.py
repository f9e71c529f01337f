"""What is claimed to be injected exists."""

import pytest

from kalshi_preflight.exchange import FAULTS
from tests.selftest.proofs.net import PROOFS
from tests.selftest.runs import ROOT
from tests.selftest.survey.scenes import SCENES

pytestmark = pytest.mark.selftest


@pytest.mark.parametrize("proof", sorted(set(PROOFS.values())))
def test_a_proof_exists(proof: str) -> None:
    """A proof is a fault that is listed, or a test that is written."""
    if "::" not in proof:
        assert proof in {fault.name for fault in FAULTS}
        return
    path, _, rest = proof.partition("::")
    name, _, case = rest.rstrip("]").partition("[")
    source = (ROOT / path).read_text(encoding="utf-8")
    assert f"def {name}(" in source
    assert not case or case in SCENES or f"def {case}(" in source


def test_every_scene_proves_something() -> None:
    """A scene that proves no failure of the field is one too many, or forgotten."""
    used = {proof.partition("[")[2].rstrip("]") for proof in PROOFS.values()}
    extra = {
        "router-prohibits",
        "no-route-six",
        "icmp6-policy-fail",
        "sinkhole-loopback",
    }
    assert set(SCENES) - used == extra
