"""The fourteen ordinary faults on which connection tools are commonly compared.

The best of them names eleven and mends none; here each has its cause and a remedy.
"""

from pathlib import Path

import pytest

from kalshi_preflight.causes.catalogue import CATALOGUE, hint_for
from tests.selftest.proofs import net
from tests.selftest.surveys import survey_faults

pytestmark = pytest.mark.selftest

#: Fault of the embedded exchange, and the cause that it must be called.
FAULTS = {
    "tcp-refused": "tcp-refused",
    "tcp-blackhole": "tcp-timeout",
    "dns-nxdomain": "dns-name-not-found",
    "dns-silent": "dns-resolver-silent",
    "tls-stall": "tls-stalled",
    "http-stall": "http-stalled",
    "tls-reset": "tls-reset",
    "tls-plaintext": "tls-plaintext",
    "tls-expired": "tls-certificate-expired",
    "tls-wrong-host": "tls-hostname-mismatch",
    "tls-unknown-ca": "tls-unknown-issuer",
    "key-unknown": "auth-key-unknown",
    "http-503-page": "http-bad-gateway",
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_cause_is_named_and_mended(name: str, tmp_path: Path) -> None:
    """The fault has its own cause, whose text names this host or environment."""
    root = survey_faults(tmp_path, [name]).root_cause
    assert root is not None
    assert root.id == FAULTS[name]
    hint = hint_for(root)
    assert hint.fix.posix
    assert hint.fix.powershell
    text = " ".join((root.summary, hint.why, *hint.check.posix))
    assert "localhost" in text or "sandbox" in text


def test_the_fourteenth_is_proved_in_a_namespace() -> None:
    """Administratively prohibited needs a firewall: a scene injects it."""
    assert "tcp-prohibited" in CATALOGUE
    assert any("prohibited" in proof for proof in net.PROOFS.values())
