"""The account is read whole, or not at all."""

import asyncio
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.survey.account import AccountUnread, read_account
from tests.selftest.engine.test_story import FILLS, POSITIONS, RESTING, fill_account
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest


def test_every_page_is_read(tmp_path: Path) -> None:
    """Listings of more than one page are followed to their end, by GET alone."""
    with Exchange(tmp_path, moves_per_second=0.001) as exchange:
        fill_account(exchange)
        account = exchange.account
        account.fills.extend(account.fills * 4)
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(environment)
        found = asyncio.run(read_account(environment, diagnosis, 20))
    assert found.fills == 5 * FILLS
    assert len(found.holdings) == POSITIONS
    assert len(found.resting) == RESTING
    assert (found.cash_cents, found.incomplete) == (1, ())
    assert found.locked_dollars == 60
    assert {request.method for request in exchange.ledger.rest_requests} == {"GET"}
    assert exchange.ledger.state_changing == 0


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("key-unknown", "auth-key-unknown"),
        ("dns-nxdomain", "dns-name-not-found"),
        ("tls-expired", "tls-certificate-expired"),
    ],
)
def test_without_auth_there_is_no_account(
    tmp_path: Path, fault: str, cause: str
) -> None:
    """A broken layer below blocks it by its id; an empty account is never made up."""
    with Exchange(tmp_path, faults=[fault]) as exchange:
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(environment)
        with pytest.raises(AccountUnread) as unread:
            asyncio.run(read_account(environment, diagnosis, 20))
    assert unread.value.cause == cause
