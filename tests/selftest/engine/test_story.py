"""The operator's real story, rebuilt: a database of zeros and an account that is full.

In the field, scripts read the database and said "liquidated, 0 fills"; two engines had
written it for ten hours, and the exchange held cash in orders, positions and fills.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.account import Fill, Order, Position
from kalshi_preflight.exchange.book import Market
from tests.selftest.engine.workspaces import (
    COUNTERS,
    Workspace,
    fingerprint,
    written,
)
from tests.selftest.runs import Run, run_suite

pytestmark = pytest.mark.selftest

POSITIONS, FILLS, RESTING = 18, 100, 6
_LAB = """
[environments.lab]
rest = "{rest}"
websocket = "{websocket}"
ca_file = "{ca_file}"
resolver = "{dns}"
credentials = {{ key_id = "{key_id}", private_key_file = "{key}" }}
controls = {{ hosts = [], resolvers = [] }}
"""


def fill_account(exchange: Exchange) -> None:
    """A cent of cash, 18 positions, 100 fills, and six orders that lock cash."""
    account = exchange.account
    account.cash = 100
    account.orders.clear()
    account.fills.clear()
    account.positions.clear()
    markets = [m for m in exchange.book.markets.values() if m.status == "active"]
    for number in range(FILLS):
        # A price that nobody sells at: the market leaves these orders alone.
        order = _order(number, markets[number % POSITIONS], price=41)
        order.filled = order.size
        account.orders.append(order)
        fill = Fill(f"fill-{number}", order, order.size, order.created_ms, False)
        account.fills.append(fill)
        ticker = order.market.ticker
        position = account.positions.setdefault(ticker, Position(order.market))
        position.size += order.size
        position.cost += order.size * order.price
    resting = [_order(1000 + n, markets[n], price=1) for n in range(RESTING)]
    for order in resting:
        order.size = 100_000
    account.orders.extend(resting)


def _order(number: int, market: Market, *, price: int) -> Order:
    name = f"order-{number}"
    return Order(name, f"client-{name}", market, price, 1_795_000_000_000 + number)


def story(home: Path, exchange: Exchange) -> Workspace:
    """Two series for ten hours, one of them constant; no fills, positions, counters."""
    ws = Workspace(home)
    zeros = dict.fromkeys(COUNTERS, 0)
    rows: list[dict[str, Any]] = []
    for back in range(1190):
        unix = ws.now - 8 - back * 30.2
        rows.append({"unix": unix, "balance_cents": 7800, **zeros})
        moving = 1 if back < 8 else 7162 + (back * 37) % 14_000
        rows.append({"unix": unix - 13, "balance_cents": moving, **zeros})
    ws.snapshots = sorted(rows, key=lambda row: float(row["unix"]))
    ws.fills, ws.positions = [], []
    ws.orders = [
        {"order_id": f"order-{n}", "ticker": "KX", "status": "resting", "count": 3}
        | {"created_at": written(ws.now - 30_000)}
        for n in range(FILLS)
    ]
    for table, columns in (
        ("fills", "ticker TEXT, created_at TEXT"),
        ("positions", "ticker TEXT, side TEXT, count INTEGER"),
    ):
        ws.schema[table] = columns
    ws.setting("KALSHI_ENV", "lab")
    return ws


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """An exchange with the account of the story, whose market stands still."""
    with Exchange(tmp_path / "exchange", moves_per_second=0.001) as running:
        fill_account(running)
        yield running


def diagnose(
    ws: Workspace, exchange: Exchange, *arguments: str, engines: int = 1
) -> Run:
    """Run the suite for the laboratory and the engine, beside an engine that runs."""
    state = exchange.state
    folder = ws.home.parent
    rest = f"https://localhost:{state.port}/trade-api/v2"
    lab = _LAB.format(
        rest=rest,
        websocket=f"wss://localhost:{state.port}/trade-api/ws/v2",
        ca_file=state.ca_file,
        dns=state.dns,
        key_id=state.key_id,
        key=state.private_key_file,
    )
    file = folder / "lab.toml"
    file.write_text(lab, encoding="utf-8")
    ws.write()
    before = fingerprint(ws.home)
    ws.engines = engines
    with ws.stack:
        ws.start_engines()
        run = run_suite(
            folder / "diagnosis.json",
            "-m",
            "lab or v8",
            f"--environments={file}",
            f"--v8-home={ws.home}",
            *arguments,
        )
    assert fingerprint(ws.home) == before, "the workspace was touched"
    return run


def test_the_report_says_what_was_wrong(tmp_path: Path, exchange: Exchange) -> None:
    """Two writers, nothing recorded, cash locked and not lost: all of it is said."""
    run = diagnose(story(tmp_path / "workspace-scalper", exchange), exchange)
    assert run.document is not None, run.screen
    assert run.exit_code == 1
    engine = run.document["engine"]
    found = {cause["id"]: cause for cause in engine["causes"]}
    assert set(found) == {
        "two-writers",
        "fills-not-recorded",
        "positions-not-recorded",
        "cash-locked",
        "orders-status-stale",
        "columns-never-written",
    }, run.screen
    assert "10.0 hours" in found["two-writers"]["summary"]
    assert "frozen at $78.00" in found["two-writers"]["summary"]
    assert found["fills-not-recorded"]["evidence"]["fills"] == str(FILLS)
    assert found["positions-not-recorded"]["evidence"]["theirs"] == POSITIONS
    assert "not a loss" in found["cash-locked"]["hint"]["why"]
    account = engine["facts"]["account"]
    assert account["cash_dollars"] == "0.01"
    assert account["locked_dollars"] == "60.00"
    assert (account["positions"], account["fills"]) == (POSITIONS, FILLS)
    assert len(engine["facts"]["positions"]) == POSITIONS
    assert "liquidat" not in run.screen.lower().replace("nothing was liquidated", "")
    assert (tmp_path / "positions.json").exists()


def test_the_exchange_saw_reads_only(tmp_path: Path, exchange: Exchange) -> None:
    """Reconciliation sends GET requests and nothing else."""
    diagnose(story(tmp_path / "workspace-scalper", exchange), exchange)
    assert {request.method for request in exchange.ledger.rest_requests} == {"GET"}
