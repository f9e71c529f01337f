"""Switches that turn the checking of certificates off are seen."""

from pathlib import Path

import pytest

from kalshi_preflight.settings.verification import verification_remarks
from tests.selftest.settings.files import NO_DOTENV, dotenv

pytestmark = pytest.mark.selftest


def test_process_switch_is_seen() -> None:
    """PYTHONHTTPSVERIFY=0 is remarked with where it is set; 1 is not."""
    (remark,) = verification_remarks({"PYTHONHTTPSVERIFY": "0"}, NO_DOTENV)
    assert remark.cause == "config-verification-disabled"
    assert remark.particulars == {
        "setting": "PYTHONHTTPSVERIFY",
        "source": "process environment",
        "value": "0",
    }
    assert verification_remarks({"PYTHONHTTPSVERIFY": "1"}, NO_DOTENV) == ()


@pytest.mark.parametrize(
    "line",
    [
        "PYTHONHTTPSVERIFY=0",
        "VERIFY_SSL=false",
        "SSL_VERIFY=False",
        "KALSHI_VERIFY_SSL=no",
        "TLS_VERIFY=0",
        "NODE_TLS_REJECT_UNAUTHORIZED=0",
        "SSL_CERT_REQS=CERT_NONE",
        "SKIP_TLS_VERIFY=true",
        "KALSHI_INSECURE=1",
        "DISABLE_SSL_VERIFICATION=yes",
        "GIT_SSL_NO_VERIFY=1",
    ],
)
def test_switch_in_the_file_is_seen(tmp_path: Path, line: str) -> None:
    """Any name that says it, with a value that does it, is remarked with its line."""
    (remark,) = verification_remarks({}, dotenv(tmp_path, f"A=1\n{line}\n"))
    assert remark.particulars["source"] == f"{tmp_path / '.env'} line 2"


@pytest.mark.parametrize(
    "line",
    [
        "VERIFY_SSL=true",
        "SKIP_TLS_VERIFY=0",
        "KALSHI_INSECURE=false",
        "VERIFY_EMAIL=false",
        "SSL_CERT_FILE=none",
        "ENABLE_MARKET_MAKING=false",
        "NOTIFY=0",
    ],
)
def test_other_settings_are_left_alone(tmp_path: Path, line: str) -> None:
    """A check that is on, or another setting, is not remarked."""
    assert verification_remarks({}, dotenv(tmp_path, f"{line}\n")) == ()
