"""Noise on every port: the exchange survives it and goes on answering."""

import contextlib
import json
import random
import socket
import ssl
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.fix_codec import Garbled, Reader
from kalshi_preflight.exchange.subscriptions import Subscriptions
from tests.selftest.exchange.client import Client

pytestmark = pytest.mark.selftest

ROUNDS = 40
KEYS = (
    "id",
    "cmd",
    "params",
    "channels",
    "sids",
    "sid",
    "action",
    "market_ticker",
    "market_tickers",
    "shard_factor",
    "shard_key",
)
COMMANDS = ("subscribe", "unsubscribe", "update_subscription")
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)


def _nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    values = inner | st.sampled_from(COMMANDS)
    objects = st.dictionaries(st.sampled_from(KEYS), values, max_size=6)
    return st.lists(inner, max_size=3) | objects


JSON = st.recursive(SCALARS, _nested, max_leaves=12)


def test_noise_on_every_port_changes_nothing(tmp_path: Path) -> None:
    """Random bytes, below and above TLS, leave the exchange answering."""
    chance = random.Random(1)  # noqa: S311 - noise, not a secret
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        state = exchange.state
        for _ in range(ROUNDS):
            noise = chance.randbytes(chance.randint(1, 400))
            with client.tcp() as sock:
                sock.sendall(noise)
            with client.tls() as secured:
                secured.sendall(noise)
            with socket.create_connection((state.fix.host, state.fix.port)) as sock:
                context = ssl.create_default_context(cafile=str(state.ca_file))
                with context.wrap_socket(sock, server_hostname="localhost") as fix:
                    fix.sendall(b"8=FIXT.1.1\x019=" + noise)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.sendto(noise, (state.host, state.dns_port))
        assert client.request("/exchange/status").status == 200
        assert client.resolve("localhost").answer


def test_deeply_nested_json_is_no_command(tmp_path: Path) -> None:
    """JSON beyond the parser's depth is answered with code 1."""
    exchange = Exchange(tmp_path)
    answers = Subscriptions(exchange.book).command("[" * 100_000)
    assert answers[0]["msg"]["code"] == 1


@settings(max_examples=300, deadline=None)
@given(document=JSON)
def test_any_json_is_answered(document: object) -> None:
    """Whatever JSON arrives, the answer is a list of JSON frames."""
    book = Exchange(Path("unused"), seed=1).book
    answers = Subscriptions(book).command(json.dumps(document))
    assert json.dumps(answers)


@settings(max_examples=300, deadline=None)
@given(noise=st.binary(max_size=60))
def test_any_bytes_are_messages_or_garbled(noise: bytes) -> None:
    """The FIX reader raises ``Garbled`` and nothing else."""
    reader = Reader()
    with contextlib.suppress(Garbled):
        assert list(reader.feed(b"8=FIXT.1.1\x019=" + noise)) == []
