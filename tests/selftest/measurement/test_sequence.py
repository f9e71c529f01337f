"""Sequence numbers: what is missing is counted, and nothing else."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from kalshi_preflight.exchange.book import Book
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.subscriptions import Subscriptions
from kalshi_preflight.measurement.sequence import Sequences

pytestmark = pytest.mark.selftest


def counted(messages: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """Gaps and missing frames of these messages."""
    sequences = Sequences()
    for message in messages:
        sequences.note(message)
    return sequences.gaps, sequences.missing


def numbered(*numbers: int, sid: int = 1) -> list[dict[str, Any]]:
    """Changes of one subscription with these numbers."""
    return [{"type": "orderbook_delta", "sid": sid, "seq": n} for n in numbers]


@pytest.mark.parametrize(
    ("numbers", "gaps", "missing"),
    [
        ((1, 2, 3), 0, 0),
        ((1, 2, 5), 1, 2),
        ((1, 3, 5), 2, 2),
        ((4,), 1, 3),
        ((1, 2, 2, 3), 0, 0),
    ],
)
def test_gaps_are_counted(numbers: tuple[int, ...], gaps: int, missing: int) -> None:
    """A jump is one gap and as many missing frames as it is wide; a repeat is none."""
    assert counted(numbered(*numbers)) == (gaps, missing)


def test_each_subscription_counts_by_itself() -> None:
    """Numbers are those of one sid; another's begin at one again."""
    messages = [*numbered(1, 2), *numbered(1, 2, sid=2), *numbered(3)]
    assert counted(messages) == (0, 0)


def test_answers_to_commands_take_numbers() -> None:
    """The exchange's own answer to a command is no gap, and leaving it out is one."""
    chance = random.Random(1)  # noqa: S311  # a market, not a secret
    book = Book(Clock(lambda: 1_800_000_000.0), chance)
    subscriptions = Subscriptions(book)
    one, two = [m.ticker for m in book.markets.values() if m.status == "active"][:2]
    subscribe = (
        '{"id":1,"cmd":"subscribe","params":{"channels":["orderbook_delta"],'
        f'"market_tickers":["{one}"]}}}}'
    )
    add = (
        '{"id":2,"cmd":"update_subscription","params":{"sids":[1],'
        f'"action":"add_markets","market_tickers":["{two}"]}}}}'
    )
    frames = [*subscriptions.command(subscribe), *subscriptions.command(add)]
    snapshot = (
        '{"id":3,"cmd":"update_subscription","params":{"sids":[1],'
        f'"action":"get_snapshot","market_tickers":["{one}"]}}}}'
    )
    frames += subscriptions.command(snapshot)
    answers = [frame for frame in frames if frame["type"] == "ok"]
    assert answers
    assert all("seq" in answer for answer in answers)
    assert counted(frames) == (0, 0)
    assert counted([f for f in frames if f["type"] != "ok"])[1] == len(answers)


def test_a_new_connection_begins_anew() -> None:
    """After a reconnect the numbers start at one, which is no gap."""
    sequences = Sequences()
    for message in numbered(1, 2, 3):
        sequences.note(message)
    sequences.forget()
    assert sequences.note(numbered(1)[0])
    assert sequences.missing == 0
    sequences.note(numbered(5)[0])
    assert sequences.missing == 3, "counted from the new beginning"
