"""Conditions that need the exchange's side."""

from decimal import Decimal

from kalshi_preflight.model.account import RestingOrder
from tests.selftest.engine.workspaces import Workspace


def other_environment(ws: Workspace) -> None:
    """The engine trades on demo, the account is production's."""
    ws.setting("KALSHI_ENV", "demo")
    ws.has_account()


def no_fills(ws: Workspace) -> None:
    """No fills here, a hundred there."""
    ws.fills = []
    ws.has_account(fills=100, newest_fill_unix=ws.now - 900)


def no_positions(ws: Workspace) -> None:
    """No positions here, two there."""
    ws.positions = []
    ws.has_account()


def foreign_order(ws: Workspace) -> None:
    """An order rests there that was not placed here."""
    ws.has_account()
    assert ws.account is not None
    more = RestingOrder(order_id="by-hand", ticker="KX-1", created_unix=ws.now - 60)
    ws.has_account(resting=(*ws.account.resting, more))


def stale_status(ws: Workspace) -> None:
    """What rests here rests no longer there."""
    ws.has_account(resting=())


def cash_locked(ws: Workspace) -> None:
    """A cent of cash, all else in resting orders."""
    ws.snapshots[-1]["balance_cents"] = 1
    locked = tuple(
        RestingOrder(
            order_id=f"order-{n}", ticker=f"KX-{n}", locked_dollars=Decimal(40)
        )
        for n in (0, 3)
    )
    ws.has_account(resting=locked)


def cash_differs(ws: Workspace) -> None:
    """Thirty dollars apart."""
    ws.has_account()
    assert ws.account is not None
    ws.has_account(cash_cents=ws.account.cash_cents + 3000)


def capped(ws: Workspace) -> None:
    """A total that is the length of a page."""
    for row in ws.snapshots:
        row["total_fills"] = 100
    ws.has_account(fills=341)


def beyond_cutoff(ws: Workspace) -> None:
    """The database is older than the live listings."""
    ws.has_account(cutoff_unix=ws.now - 3600, historical_fills=4)


CHANGES = {
    "db-api-environment-mismatch": other_environment,
    "fills-not-recorded": no_fills,
    "positions-not-recorded": no_positions,
    "orders-not-recorded": foreign_order,
    "orders-status-stale": stale_status,
    "cash-locked": cash_locked,
    "db-api-cash-mismatch": cash_differs,
    "totals-capped-at-page-limit": capped,
    "history-beyond-cutoff": beyond_cutoff,
}
