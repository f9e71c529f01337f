"""The files that a row names are looked for beside the environments file."""

from pathlib import Path

import pytest

from tests.selftest.settings.files import environments
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest

LAB = '[environments.lab]\nrest = "https://lab.example/v2"\nca_file = "ca.pem"\n'


def test_trust_anchor_is_found_beside_the_file(tmp_path: Path) -> None:
    """A relative path is relative to the environments file, not to where one stands."""
    (tmp_path / "ca.pem").write_text(material.certificate_pem(), encoding="ascii")
    assert environments(tmp_path, LAB)["lab"].ca_file == tmp_path / "ca.pem"


def test_certificate_among_other_blocks_is_found(tmp_path: Path) -> None:
    """A file with a key before the certificate holds a trust anchor all the same."""
    text = material.pem(material.rsa_key()) + material.certificate_pem()
    (tmp_path / "ca.pem").write_text(text, encoding="ascii")
    assert environments(tmp_path, LAB)["lab"].ca_file == tmp_path / "ca.pem"
