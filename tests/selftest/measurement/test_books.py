"""Books of both sources: how far the one is behind the other."""

from typing import Any

import pytest

from kalshi_preflight.measurement.books import (
    Seen,
    Timeline,
    fingerprint,
    rest_book,
    snapshot_book,
)

pytestmark = pytest.mark.selftest

_REST = {"orderbook_fp": {"yes_dollars": [["0.4700", "3.00"]], "no_dollars": []}}


def snapshot(size: str = "3.00") -> dict[str, Any]:
    """The same book, as the stream sends it."""
    message = {"market_ticker": "T", "yes_dollars_fp": [["0.4700", size]]}
    return {"type": "orderbook_snapshot", "msg": message}


def delta(change: str) -> dict[str, Any]:
    """A change of its only level."""
    message = {
        "market_ticker": "T",
        "price_dollars": "0.4700",
        "delta_fp": change,
        "side": "yes",
    }
    return {"type": "orderbook_delta", "msg": message}


def seen(size: str, sent: float, received: float) -> Seen:
    """A book that REST brought."""
    book = rest_book({"orderbook_fp": {"yes_dollars": [["0.47", size]]}})
    assert book is not None
    return Seen(fingerprint(book), sent, received)


@pytest.fixture
def timeline() -> Timeline:
    """3 contracts from second 0 on, 5 from second 10 on, none from second 20 on."""
    timeline = Timeline("T")
    timeline.note(snapshot(), 0.0)
    timeline.note(delta("2.00"), 10.0)
    timeline.note(delta("-5.00"), 20.0)
    return timeline


def test_both_sources_write_the_same_book() -> None:
    """Other names of sides and other decimals make no other book."""
    one, other = rest_book(_REST), snapshot_book(snapshot("3.0")["msg"])
    assert one is not None
    assert other is not None
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("book", "lag_ms"),
    [
        (seen("3.00", 5.0, 5.1), 0.0),
        (seen("3.00", 12.0, 12.1), 2000.0),
        (seen("5.00", 12.0, 12.1), 0.0),
        (seen("5.00", 9.9, 9.95), 0.0),
        (seen("3.00", 9.9, 10.5), 0.0),
        (seen("5.00", 32.0, 32.1), 12000.0),
    ],
    ids=["current", "2 s old", "next", "ahead of the stream", "in flight", "12 s old"],
)
def test_lags(timeline: Timeline, book: Seen, lag_ms: float) -> None:
    """A book is as late as its state had been replaced when the request was sent."""
    lags, unlike = timeline.lags_ms([book])
    assert lags == [pytest.approx(lag_ms)]
    assert unlike == 0


def test_a_book_of_no_state_is_counted(timeline: Timeline) -> None:
    """A book that the stream never went through is unlike, not late."""
    assert timeline.lags_ms([seen("4.00", 12.0, 12.1)]) == ([], 1)


def test_nothing_is_compared_with_the_unknown(timeline: Timeline) -> None:
    """Before the snapshot and after a loss the stream knows nothing."""
    timeline.lose(30.0)
    unknown = [seen("4.00", -2.0, -1.0), seen("4.00", 31.0, 31.1)]
    assert timeline.lags_ms(unknown) == ([], 0)


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        "words",
        {"orderbook_fp": {"yes_dollars": 7}},
        {"orderbook_fp": {"yes_dollars": [["x", "y"]]}},
        {"orderbook_fp": {"yes_dollars": [["0.5", "sNaN"]]}},
        {"orderbook_fp": {"yes_dollars": [["Infinity", "1"]]}},
    ],
)
def test_what_is_no_book_is_none(document: Any) -> None:
    """Another shape is no book, and no error."""
    found = rest_book(document)
    assert found is None
