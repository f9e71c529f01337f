"""The official SDKs, unmodified, against the standalone exchange."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.standalone import needed, standalone

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run an exchange that also sends what version 3.2 of the SDK cannot do without."""
    file = tmp_path_factory.mktemp("exchange") / "state.json"
    with standalone(file, "--seed", "7", "--cent-fields") as document:
        yield document


def configuration(sdk: Any, state: dict[str, Any]) -> Any:
    """Point an SDK at the exchange by its own settings."""
    made = sdk.Configuration(host=state["rest"], ssl_ca_cert=state["ca_file"])
    made.api_key_id = state["key_id"]
    made.private_key_pem = Path(state["private_key_file"]).read_text(encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def client(state: dict[str, Any]) -> Any:
    """Make a client of the synchronous SDK."""
    sdk = needed("kalshi_python_sync")
    return sdk.KalshiClient(configuration(sdk, state))


def test_status(client: Any) -> None:
    """The exchange is active."""
    assert client.get_exchange_status().exchange_active is True


def test_markets_page_by_page(client: Any) -> None:
    """Pages of seven end with an empty cursor and name every market once."""
    tickers: list[str] = []
    cursor = None
    while True:
        page = client.get_markets(limit=7, cursor=cursor)
        tickers += [market.ticker for market in page.markets]
        cursor = page.cursor
        if not cursor:
            break
    assert len(tickers) == len(set(tickers)) > 50


def test_market_and_its_book(client: Any) -> None:
    """An open market has prices and a two-sided book."""
    ticker = client.get_markets(limit=1, status="open").markets[0].ticker
    assert client.get_market(ticker).market.yes_bid > 0
    book = client.get_market_orderbook(ticker).orderbook
    assert book.yes_dollars
    assert book.no_dollars


def test_balance(client: Any) -> None:
    """The signed balance is read."""
    assert client.get_balance().balance == 9801


def test_positions(client: Any) -> None:
    """Positions are held."""
    assert client.get_positions().market_positions[0].position == 3


def test_orders(client: Any) -> None:
    """Orders are listed."""
    assert len(client.get_orders().orders) == 5


def test_fills(client: Any) -> None:
    """Fills belong to orders."""
    orders = {order.order_id for order in client.get_orders().orders}
    assert {fill.order_id for fill in client.get_fills().fills} <= orders


def test_order_is_refused(client: Any) -> None:
    """An order through the SDK of that time meets the retired path."""
    sdk = needed("kalshi_python_sync")
    with pytest.raises(sdk.ApiException) as refused:
        client.create_order(
            ticker="T", side="yes", action="buy", count=1, type="limit", yes_price=1
        )
    assert refused.value.status == 410


def test_asynchronous_sdk(state: dict[str, Any]) -> None:
    """The asynchronous SDK reads status, markets, positions and balance."""
    sdk = needed("kalshi_python_async")

    async def read() -> tuple[bool, int, int, int]:
        client = sdk.KalshiClient(configuration(sdk, state))
        try:
            status = await client.get_exchange_status()
            markets = await client.get_markets(limit=3)
            positions = await client.get_positions()
            balance = await client.get_balance()
        finally:
            await client.close()
        held = len(positions.market_positions)
        return status.exchange_active, len(markets.markets), held, balance.balance

    active, markets, held, balance = asyncio.run(read())
    assert (active, markets, balance) == (True, 3, 9801)
    assert held >= 3
