"""Order books of both sources, and how far the one is behind the other.

REST and WebSocket name the sides differently (``yes_dollars``, ``yes_dollars_fp``) and
write prices as strings; a book is a mapping of side and price to size here.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

Book = dict[tuple[str, Decimal], Decimal]
_SIDES = ("yes", "no")
#: So many states are kept, of hours.
_MOST_STATES = 200_000
#: By so much REST may be ahead of the stream.
_AHEAD_SECONDS = 1.0


class Seen(NamedTuple):
    """An order book that a request brought: its fingerprint, and the request's times.

    Times are seconds of one monotonic clock.
    """

    fingerprint: int
    sent: float
    received: float


def rest_book(document: Any) -> Book | None:
    """The book of ``GET /markets/{ticker}/orderbook``; ``None`` if it is none."""
    inner = document.get("orderbook_fp") if isinstance(document, Mapping) else None
    return _book(inner, "_dollars") if isinstance(inner, Mapping) else None


def snapshot_book(message: Mapping[str, Any]) -> Book | None:
    """The book of an ``orderbook_snapshot``; an empty side is left out there."""
    return _book(message, "_dollars_fp")


def _book(levels: Mapping[str, Any], suffix: str) -> Book | None:
    book: Book = {}
    try:
        for side in _SIDES:
            for price, size in levels.get(side + suffix) or ():
                book[side, _finite(price)] = _finite(size)
    except (InvalidOperation, ValueError, TypeError):
        return None
    return book


def _finite(text: Any) -> Decimal:
    """A number; raises :class:`ValueError` for what is none, though it is written."""
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"no number: {number}")
    return number


def apply(book: Book, change: Mapping[str, Any]) -> bool:
    """Apply an ``orderbook_delta``; false if it is none."""
    try:
        level = (str(change["side"]), _finite(change["price_dollars"]))
        size = book.get(level, Decimal(0)) + _finite(change["delta_fp"])
    except (KeyError, InvalidOperation, ValueError, TypeError):
        return False
    if size:
        book[level] = size
    else:
        book.pop(level, None)
    return True


def fingerprint(book: Book) -> int:
    """Equal books have equal fingerprints."""
    return hash(frozenset(book.items()))


class Timeline:
    """The states that one market's book went through, as the stream told them."""

    def __init__(self, ticker: str) -> None:
        self.ticker = ticker
        self._book: Book | None = None
        # (since when, fingerprint; None: not known)
        self._states: deque[tuple[float, int | None]] = deque(maxlen=_MOST_STATES)

    def note(self, message: Mapping[str, Any], received: float) -> None:
        """Take one message of the stream into account."""
        inner = message.get("msg")
        if not isinstance(inner, Mapping) or inner.get("market_ticker") != self.ticker:
            return
        if message.get("type") == "orderbook_snapshot":
            self._book = snapshot_book(inner)
        elif message.get("type") != "orderbook_delta" or self._book is None:
            return
        elif not apply(self._book, inner):
            self._book = None
        known = None if self._book is None else fingerprint(self._book)
        self._states.append((received, known))

    def lose(self, at: float) -> None:
        """From here on the state is not known: a frame is missing, or the line is."""
        self._book = None
        self._states.append((at, None))

    def lags_ms(self, seen: Iterable[Seen]) -> tuple[list[float], int]:
        """How far each book was behind, and how many were like no state at all.

        A book is as late as the newest state that it equals had been replaced when the
        request was sent. Where the stream knew nothing, nothing is compared.
        """
        states = list(self._states)
        since = [moment for moment, _ in states]
        begins, ends = _stretches(states)
        lags, unlike = [], 0
        for book in seen:
            place = bisect_right(since, book.received) - 1
            if place < 0 or states[place][1] is None:
                continue
            # The stream may be the later of the two: such a state is yet to come.
            known = begins.get(book.fingerprint, [])
            found = bisect_right(known, book.received + _AHEAD_SECONDS) - 1
            if found < 0:
                unlike += 1
            else:
                ended = ends[book.fingerprint][found]
                lags.append(max(0.0, book.sent - ended) * 1000)
        return lags, unlike


_Moments = dict[int, list[float]]


def _stretches(
    states: Sequence[tuple[float, int | None]],
) -> tuple[_Moments, _Moments]:
    """When each state began and ended, by its fingerprint."""
    begins: _Moments = {}
    ends: _Moments = {}
    following = [*(moment for moment, _ in states[1:]), float("inf")]
    for (began, known), ended in zip(states, following, strict=True):
        if known is not None:
            begins.setdefault(known, []).append(began)
            ends.setdefault(known, []).append(ended)
    return begins, ends
