"""The list of FIX proofs points to faults and tests that exist."""

import pytest

from kalshi_preflight.exchange import FAULTS
from tests.selftest.proofs.fix import PROOFS
from tests.selftest.runs import ROOT

pytestmark = pytest.mark.selftest


@pytest.mark.parametrize("entry", PROOFS)
def test_every_proof_exists(entry: str) -> None:
    """A proof is a fault that is listed, or a test that is written."""
    file, is_test, test = PROOFS[entry].partition("::")
    if is_test:
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {test}(" in source
    else:
        assert file in {fault.name for fault in FAULTS}


def test_every_fix_fault_is_a_proof_or_a_variation() -> None:
    """The faults beyond the reference's list are named here, so that none is lost."""
    beyond = {fault.name for fault in FAULTS if fault.name.startswith("fix-")} - set(
        PROOFS.values()
    )
    assert beyond == {
        "fix-logon-limit",
        "fix-signature-rejected",
        "fix-unknown-sender",
        "fix-wordless-logout",
        "fix-reset",
        "fix-no-engine",
        "fix-echo",
        "fix-old-version",
        "fix-wrong-length",
        "fix-huge-message",
        "fix-logout-ignored",
        "fix-logout-cut",
    }
