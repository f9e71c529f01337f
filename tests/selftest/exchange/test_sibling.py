"""The exchange's other environment, and what may be changed about it."""

from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from tests.selftest.exchange.client import Client

pytestmark = pytest.mark.selftest


def sibling_of(exchange: Exchange) -> Client:
    """A client of the other environment, with the key of this one."""
    state = exchange.state
    return Client(replace(state, port=state.sibling_port))


def test_the_sibling_is_open_and_does_not_know_our_keys(tmp_path: Path) -> None:
    """Its status answers 200; our key is as unknown there as any other's."""
    with Exchange(tmp_path) as exchange:
        client = sibling_of(exchange)
        assert client.request("/exchange/status").status == 200
        refused = client.signed("/portfolio/balance")
    assert refused.status == 401
    assert b"NOT_FOUND" in refused.body


def test_the_sibling_can_know_our_keys(tmp_path: Path) -> None:
    """With the hook set the same key reads a balance there, and only there."""
    with Exchange(tmp_path, faults=["key-of-other-environment"]) as exchange:
        assert sibling_of(exchange).signed("/portfolio/balance").status == 200
        assert Client(exchange.state).signed("/portfolio/balance").status == 401


def test_the_sibling_keeps_its_own_clock_and_pauses(tmp_path: Path) -> None:
    """Faults of this environment's clock and status are not the other's."""
    with Exchange(tmp_path, faults=["clock-skew", "exchange-paused"]) as exchange:
        ours = Client(exchange.state).request("/exchange/status").document
        theirs = sibling_of(exchange).request("/exchange/status").document
    assert (ours["exchange_active"], theirs["exchange_active"]) == (False, True)
