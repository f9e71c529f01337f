"""Auth: are these credentials good, here and now?"""

import pytest

from kalshi_preflight.plugin.answers import Answers

pytestmark = pytest.mark.auth


def test_credentials_load(auth: Answers) -> None:
    """Key id and private key are there and usable (nothing is sent for this)."""
    assert auth["algorithm"] in ("rsa-pss-sha256", "ed25519")


def test_clock_agrees(auth: Answers) -> None:
    """Our clock and the exchange's differ by less than 2 s (up to 5 s is a warning)."""
    offset_seconds = auth["clock_offset_seconds"]
    assert offset_seconds is not None
    assert abs(offset_seconds) <= 5


def test_balance_is_accepted(auth: Answers) -> None:
    """A signed GET /portfolio/balance is accepted."""
    assert auth["balance_status"] == 200


def test_damaged_signature_is_refused(auth: Answers) -> None:
    """The same request with a damaged signature is refused, so the first one counts."""
    assert auth["damaged_status"] == 401
