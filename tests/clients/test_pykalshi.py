"""An independent client, pykalshi, unmodified, against today's form of the exchange."""

import queue
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.standalone import DEADLINE_SECONDS, needed, standalone

pytestmark = pytest.mark.clients

#: What a feed gets of one book and of all prices.
EXPECTED = {"OrderbookSnapshotMessage", "TickerMessage"}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run an exchange as of today."""
    file = tmp_path_factory.mktemp("exchange") / "state.json"
    with standalone(file, "--seed", "7") as document:
        yield document


@pytest.fixture
def client(state: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Make a client that trusts the exchange by the usual variable."""
    monkeypatch.setenv("SSL_CERT_FILE", state["ca_file"])
    monkeypatch.setenv("NO_PROXY", "*")
    made = needed("pykalshi").KalshiClient(
        api_key_id=state["key_id"],
        private_key_path=state["private_key_file"],
        api_base=state["rest"],
    )
    with made:
        yield made


def open_market(client: Any) -> Any:
    """Find a market that trades."""
    status = needed("pykalshi").MarketStatus.OPEN
    return client.get_markets(limit=1, status=status)[0]


def test_status(client: Any) -> None:
    """Trading is active."""
    assert client.exchange.get_status().trading_active is True


def test_markets_over_all_pages(client: Any) -> None:
    """The client's own paging collects every market."""
    markets = client.get_markets(limit=9, fetch_all=True)
    assert len({market.ticker for market in markets}) > 50


def test_market_and_its_book(client: Any) -> None:
    """An open market has a two-sided book."""
    market = open_market(client)
    assert client.get_market(market.ticker).ticker == market.ticker
    book = market.get_orderbook().orderbook
    assert book.yes_dollars
    assert book.no_dollars


def test_balance(client: Any) -> None:
    """The signed balance is read."""
    assert client.portfolio.get_balance().balance == 9801


def test_positions_orders_and_fills(client: Any) -> None:
    """The account's books fit together."""
    positions = client.portfolio.get_positions()
    orders = client.portfolio.get_orders()
    fills = client.portfolio.get_fills()
    assert len(positions) >= 3
    assert len(orders) == 5
    assert {fill.order_id for fill in fills} <= {order.order_id for order in orders}


def test_subscription_brings_data(client: Any, state: dict[str, Any]) -> None:
    """A feed receives a book's snapshot and prices of markets."""
    ticker = open_market(client).ticker
    received: queue.Queue[Any] = queue.Queue()
    feed = client.feed()
    feed._ws_url = state["websocket"]  # its address is the one thing without a setting
    feed.on("orderbook_delta", received.put)
    feed.on("ticker", received.put)
    feed.subscribe("orderbook_delta", market_ticker=ticker)
    feed.subscribe("ticker")
    feed.start()
    try:
        kinds: set[str] = set()
        while not kinds >= EXPECTED:  # a book's changes may come between them
            kinds.add(type(received.get(timeout=DEADLINE_SECONDS)).__name__)
    finally:
        feed.stop()
    assert kinds >= EXPECTED
