"""The balance is asked for, and how much it is is kept nowhere."""

from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.interception import answering, is_balance
from kalshi_preflight.exchange.message import JSON_TYPE, Response
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.survey.account import amount
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest


@pytest.mark.parametrize(
    "body",
    [
        b'{"balance":9801234}',
        b'{"balance":9801234',
        b'{"balance":"9801234"}',
        b"[9801234]",
    ],
)
def test_no_amount_is_kept(body: bytes, tmp_path: Path) -> None:
    """Whole, cut or of another shape: no amount is in facts, summary or evidence."""
    answer = Response(200, body, (("Content-Type", JSON_TYPE),))
    exchange = Exchange(tmp_path)
    exchange.hooks.http.answers.append(answering(is_balance, answer))
    with exchange:
        diagnosis = survey_environment(sandbox_environment(exchange.state))
    journey = diagnosis.journey(EndpointKind.REST)
    assert journey is not None
    step = journey.step(Layer.AUTH)
    assert step is not None
    assert step.evidence.facts["balance_status"] == 200
    assert "9801234" not in str(step)


@pytest.mark.parametrize("said", ["1e999999999", "Infinity", "x", None, []])
def test_an_amount_that_no_account_has_is_none(said: object) -> None:
    """What an exchange says cannot fill the memory when it is written out."""
    assert amount(said) == 0
