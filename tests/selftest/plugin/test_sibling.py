"""The sandbox's other environment, in whole runs: faults that need one to be told."""

from pathlib import Path

import pytest

from tests.selftest.runs import run_suite

pytestmark = pytest.mark.selftest


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("http-country-wordless", "http-country-blocked"),
        ("key-of-other-environment", "auth-key-of-other-environment"),
        ("key-unknown", "auth-key-unknown"),
    ],
)
def test_the_other_environment_is_asked(fault: str, cause: str, tmp_path: Path) -> None:
    """``--fault`` yields what ``--list-faults`` promises, by asking the sibling."""
    diagnosis = tmp_path / "diagnosis.json"
    run = run_suite(diagnosis, "-m", "sandbox", f"--fault={fault}")
    assert run.exit_code == 1, run.screen
    assert run.environment["root_cause"]["id"] == cause
    assert "sandbox_sibling" in run.environment["root_cause"]["summary"]
