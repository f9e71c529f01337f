"""The exchange as a whole: start, stop, what it leaves, time, seed, ledger."""

import os
import stat
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from kalshi_preflight.exchange import Exchange, book
from kalshi_preflight.exchange.hooks import Hooks, Opening
from tests.selftest.exchange.client import Client
from tests.selftest.exchange.test_fix import Initiator

pytestmark = pytest.mark.selftest


def descriptors() -> int:
    """Count what this process has open."""
    process = psutil.Process()
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()


def test_stop_leaves_no_thread_and_no_socket(tmp_path: Path) -> None:
    """After a stop with connections of every kind open, nothing is left."""
    with Exchange(tmp_path / "warm"):
        pass
    threads, open_before = threading.active_count(), descriptors()
    exchange = Exchange(tmp_path / "run")
    exchange.start()
    client = Client(exchange.state)
    fix = Initiator(exchange)
    fix.log_on()
    assert fix.receive()
    client.resolve("localhost", tcp=True)
    with client.tcp(), client.tls(), client.websocket(), fix.sock:
        exchange.stop()
        exchange.stop()
    assert threading.active_count() == threads
    assert descriptors() == open_before
    with pytest.raises(ConnectionRefusedError):
        client.tcp()


@pytest.mark.parametrize("opening", list(Opening))
def test_every_way_of_listening_ends(tmp_path: Path, opening: Opening) -> None:
    """Refusing and swallowing ports are given back like listening ones."""
    with Exchange(tmp_path / "warm"):
        pass
    open_before = descriptors()
    exchange = Exchange(tmp_path / "run")
    exchange.hooks.web.opening = opening
    exchange.hooks.fix_port.opening = opening
    with exchange:
        pass
    assert descriptors() == open_before


def test_stop_does_not_wait_for_silent_peers(tmp_path: Path) -> None:
    """A fault that keeps connections open does not keep the exchange from stopping."""
    exchange = Exchange(tmp_path, faults=["http-stall", "dns-silent"])
    exchange.start()
    client = Client(exchange.state)
    with client.tls() as secured:
        secured.sendall(
            b"GET /trade-api/v2/exchange/status HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        exchange.stop()
        assert secured.recv(1) == b""


def test_port_in_use_is_an_error_that_leaves_nothing(tmp_path: Path) -> None:
    """A taken port raises ``OSError`` from ``start``; other ports are given back."""
    with Exchange(tmp_path / "first") as first:
        open_before = descriptors()
        second = Exchange(tmp_path / "second", listen=("127.0.0.1", first.state.port))
        with pytest.raises(OSError, match="in use"):
            second.start()
        assert descriptors() == open_before


def test_state_before_start_is_an_error(tmp_path: Path) -> None:
    """There is no state before the start."""
    with pytest.raises(RuntimeError):
        _ = Exchange(tmp_path).state


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists, not modes")
def test_private_keys_are_for_their_owner(tmp_path: Path) -> None:
    """Key files have mode 600, and no server key is left in the directory."""
    with Exchange(tmp_path) as exchange:
        state = exchange.state
        for file in (state.private_key_file, state.ed25519.private_key_file):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        names = {file.name for file in tmp_path.iterdir()}
    assert names == {"ca.pem", "rsa.pem", "ed25519.pem"}


def test_seed_repeats_markets_and_ids(tmp_path: Path) -> None:
    """The same seed at the same time gives the same exchange; another one does not."""
    now = time.time()

    def read(seed: int) -> tuple[object, ...]:
        exchange = Exchange(tmp_path, seed=seed, read_clock=lambda: now)
        moves = [exchange.book.move() for _ in range(100)]
        facts = [(m.market.ticker, m.side, m.price, m.delta) for m in moves]
        orders = [order.order_id for order in exchange.account.orders]
        return (exchange.account.user_id, orders, facts)

    assert read(1) == read(1)
    assert read(1) != read(2)


def test_books_stay_sound_over_many_moves(tmp_path: Path) -> None:
    """No side runs empty, no book is crossed, and no size falls below zero."""
    exchange = Exchange(tmp_path, seed=3)
    for _ in range(30_000):
        market = exchange.book.move().market
        assert market.ladders["yes"]
        assert market.ladders["no"]
        assert market.best_bid("yes") < market.best_ask("yes")
        assert min(market.ladders["yes"].values()) > 0
        assert min(market.ladders["no"].values()) > 0
        assert min(market.ladders["yes"]) > 0
        assert min(market.ladders["no"]) > 0


def test_trades_alone_never_empty_a_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nobody quoting, the last level of a side is kept, and no trade is empty."""
    exchange = Exchange(tmp_path, seed=3)
    monkeypatch.setattr(book, "TRADE_SHARE", 1.0)
    for _ in range(20_000):
        move = exchange.book.move()
        assert move.market.ladders["yes"]
        assert move.market.ladders["no"]
        assert move.delta != 0


def test_clock_is_injectable(tmp_path: Path) -> None:
    """The given clock shows in Date and in the timestamp window."""
    with Exchange(tmp_path, read_clock=lambda: 1_000_000_000.0) as exchange:
        client = Client(exchange.state)
        assert client.request("/exchange/status").headers["date"] == (
            "Sun, 09 Sep 2001 01:46:40 GMT"
        )
        assert client.signed("/portfolio/balance").status == 401


def test_ledger_keeps_no_secret(tmp_path: Path) -> None:
    """Recorded headers have neither the signature nor the whole key id."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        client.signed("/portfolio/balance")
        with client.websocket():
            pass
        ledger = exchange.ledger
        assert ledger.rest_requests[0].path == "/trade-api/v2/portfolio/balance"
        assert ledger.upgrades[0].status == 101
        recorded = dict(ledger.rest_requests[0].headers)
        assert recorded["KALSHI-ACCESS-SIGNATURE"] == "(removed)"
        everything = str((ledger.rest_requests, ledger.upgrades))
        assert exchange.state.key_id not in everything


def test_control_is_a_neighbour_with_the_true_time(tmp_path: Path) -> None:
    """The control answers over TLS with the machine's date, whatever the fault."""
    with Exchange(tmp_path, faults=["clock-skew", "tls-expired"]) as exchange:
        controls = exchange.state.controls
        host, _, port = controls.hosts[0].rpartition(":")
        assert host == "127.0.0.1"
        assert int(port) != exchange.state.port
        neighbour = _at(exchange, int(port))
        assert neighbour.request("/").status == 200


def test_hooks_are_healthy_by_default() -> None:
    """Two fresh sets of hooks are equal and share nothing."""
    first, second = Hooks(), Hooks()
    assert first == second
    first.web.opening = Opening.REFUSE
    assert first != second


def _at(exchange: Exchange, port: int) -> Client:
    return Client(replace(exchange.state, port=port))
