"""HTTP: does the exchange answer, and is it open?"""

import pytest

from kalshi_preflight.plugin.answers import Answers

pytestmark = pytest.mark.http


def test_status_answers(http: Answers) -> None:
    """GET /exchange/status answers, as the exchange would."""
    assert http["status"] == 200 or "exchange_active" in (http["json"] or {})


def test_status_has_the_right_shape(http: Answers) -> None:
    """The answer says in so many words whether exchange and trading are active."""
    assert isinstance(http["exchange_active"], bool)
    assert isinstance(http["trading_active"], bool)


def test_exchange_is_active(http: Answers) -> None:
    """The exchange is active."""
    assert http["exchange_active"] is True


def test_trading_is_active(http: Answers) -> None:
    """Trading is active (a pause is a warning, and NO-GO at the gate)."""
    assert isinstance(http["trading_active"], bool)


def test_answers_quickly(http: Answers) -> None:
    """The answer is there within two seconds (more is a warning)."""
    assert http["first_byte_ms"] <= http["elapsed_ms"] < 10_000
