"""Commands and subscriptions of one WebSocket connection: texts in, frames out."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kalshi_preflight.exchange import frames
from kalshi_preflight.exchange.account import Account, Fill
from kalshi_preflight.exchange.book import Book, Move
from kalshi_preflight.exchange.frames import Frame
from kalshi_preflight.exchange.parameters import (
    ERRORS,
    CommandError,
    check_feed,
    check_shards,
    given,
    market_tickers,
    subscription_ids,
)

CHANNELS = (
    "ticker",
    "trade",
    "orderbook_delta",
    "market_lifecycle_v2",
    "multivariate_market_lifecycle",
    "fill",
    "market_positions",
    "user_orders",
    "order_group_updates",
    "communications",
    "cfbenchmarks_value",
    "cfbenchmarks_value_5hz",
    "pyth_value",
)
# Frames of these carry no sequence number.
UNNUMBERED = ("ticker", "fill", "market_positions", "user_orders")


@dataclass(frozen=True)
class News:
    """One change of a book, and what it did to the account."""

    move: Move
    account: Account
    fill: Fill | None = None


@dataclass
class Subscription:
    """One sid. ``tickers`` empty means every market."""

    sid: int
    channel: str
    tickers: list[str] = field(default_factory=list)
    yes_prices: bool = False
    seq: int = 0

    def covers(self, ticker: str) -> bool:
        """Whether frames about this market belong to the subscription."""
        return not self.tickers or ticker in self.tickers

    def numbered(self, frame: Frame) -> Frame:
        """Add ``sid`` and the next ``seq``, which counts per sid from 1."""
        self.seq += 1
        kind, rest = {"type": frame["type"]}, dict(frame)
        del rest["type"]
        return {**kind, "sid": self.sid, "seq": self.seq, **rest}

    def unnumbered(self, frame: Frame) -> Frame:
        """Add ``sid`` alone."""
        return {"type": frame["type"], "sid": self.sid, "msg": frame["msg"]}


class Subscriptions:
    """The state of one connection, without a socket."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._next_sid = 1
        self.active: dict[int, Subscription] = {}
        self._commands: Mapping[str, Callable[[int, Any], Iterator[Frame]]] = {
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "update_subscription": self._update,
            "list_subscriptions": self._list,
        }

    def command(self, text: str) -> list[Frame]:
        """Answer one message of the client."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return [_error(0, 1)]
        if not isinstance(document, dict):
            return [_error(0, 1)]
        number = document.get("id", 0)
        if not isinstance(number, int) or isinstance(number, bool):
            return [_error(0, 1)]
        run = self._commands.get(str(document.get("cmd")))
        if run is None:
            return [_error(number, 5)]
        return self._collect(number, run(number, document.get("params")))

    def about(self, news: News) -> list[Frame]:
        """Return frames about a piece of news, for the subscriptions it concerns."""
        return [
            frame
            for subscription in self.active.values()
            if subscription.covers(news.move.market.ticker)
            and (frame := _frame(subscription, news)) is not None
        ]

    def _collect(self, number: int, answers: Iterator[Frame]) -> list[Frame]:
        collected: list[Frame] = []
        try:
            collected.extend(answers)
        except CommandError as error:
            collected.append(self._scoped_error(number, error))
        return collected

    def _scoped_error(self, number: int, error: CommandError) -> Frame:
        frame = _error(number, error.code)
        subscription = self.active.get(error.sid or 0)
        if subscription is None:
            return frame
        subscription.seq += 1
        return {**frame, "sid": subscription.sid, "seq": subscription.seq}

    def _subscribe(self, number: int, params: Any) -> Iterator[Frame]:
        params = given(params)
        channels = params.get("channels")
        if not isinstance(channels, list) or not channels:
            raise CommandError(3)
        if any(channel not in CHANNELS for channel in channels):
            raise CommandError(8)
        tickers = market_tickers(params)
        if "orderbook_delta" in channels and not tickers:
            raise CommandError(14)
        check_shards(params)
        for channel in channels:
            check_feed(channel, params)
        opened = [self._open(channel, tickers, params) for channel in channels]
        for subscription in opened:
            message = {"channel": subscription.channel, "sid": subscription.sid}
            yield {"type": "subscribed", "id": number, "msg": message}
        for subscription in opened:
            wants = bool(params.get("send_initial_snapshot"))
            yield from self._first_frames(subscription, tickers, wants=wants)

    def _open(self, channel: str, tickers: list[str], params: Any) -> Subscription:
        # A second subscription to a channel is no error: its markets are merged.
        for subscription in self.active.values():
            if subscription.channel == channel:
                merged = [*subscription.tickers, *tickers]
                covers_all = not tickers or not subscription.tickers
                subscription.tickers = [] if covers_all else list(dict.fromkeys(merged))
                return subscription
        yes_prices = bool(params.get("use_yes_price"))
        subscription = Subscription(self._next_sid, channel, tickers, yes_prices)
        self.active[self._next_sid] = subscription
        self._next_sid += 1
        return subscription

    def _first_frames(
        self, subscription: Subscription, tickers: list[str], *, wants: bool
    ) -> Iterator[Frame]:
        markets = [m for t in tickers if (m := self._book.markets.get(t))]
        if subscription.channel == "orderbook_delta":
            for market in markets:
                frame = frames.snapshot(market, yes_prices=subscription.yes_prices)
                yield subscription.numbered(frame)
        elif subscription.channel == "ticker" and wants:
            for market in markets:
                yield subscription.unnumbered(frames.ticker(market))

    def _unsubscribe(self, number: int, params: Any) -> Iterator[Frame]:
        sids = subscription_ids(given(params))
        if not sids:
            raise CommandError(4)
        if any(sid not in self.active for sid in sids):
            raise CommandError(7)
        for sid in sids:
            subscription = self.active.pop(sid)
            yield {
                "id": number,
                "sid": sid,
                "seq": subscription.seq + 1,
                "type": "unsubscribed",
            }

    def _list(self, number: int, _: Any) -> Iterator[Frame]:
        listed = [{"channel": s.channel, "sid": s.sid} for s in self.active.values()]
        yield {"id": number, "type": "ok", "msg": listed}

    def _update(self, number: int, params: Any) -> Iterator[Frame]:
        params = given(params)
        sids = subscription_ids(params)
        if len(sids) != 1:
            raise CommandError(12)
        subscription = self.active.get(sids[0])
        if subscription is None:
            raise CommandError(7)
        tickers = market_tickers(params)
        action = params.get("action")
        if not action:
            raise CommandError(15, subscription.sid)
        if action not in ("add_markets", "delete_markets", "get_snapshot"):
            raise CommandError(13, subscription.sid)
        if not tickers:
            raise CommandError(14, subscription.sid)
        if action == "get_snapshot":
            yield from self._snapshots(subscription, tickers)
            return
        yield from self._changed(number, subscription, action, tickers)

    def _snapshots(
        self, subscription: Subscription, tickers: list[str]
    ) -> Iterator[Frame]:
        if subscription.channel != "orderbook_delta":
            raise CommandError(13, subscription.sid)
        yield from self._first_frames(subscription, tickers, wants=True)

    def _changed(
        self, number: int, subscription: Subscription, action: str, tickers: list[str]
    ) -> Iterator[Frame]:
        before = subscription.tickers
        if action == "add_markets":
            subscription.tickers = list(dict.fromkeys([*before, *tickers]))
        else:
            subscription.tickers = [one for one in before if one not in tickers]
        yield {
            "id": number,
            **subscription.numbered({"type": "ok"}),
            "msg": {"market_tickers": subscription.tickers},
        }
        if action == "add_markets":
            new = [ticker for ticker in tickers if ticker not in before]
            yield from self._first_frames(subscription, new, wants=False)


def _frame(subscription: Subscription, news: News) -> Frame | None:
    """Build the one frame of a channel, with its numbers; None: nothing to say."""
    move, fill, user_id = news.move, news.fill, news.account.user_id
    frame: Frame | None = None
    match subscription.channel:
        case "orderbook_delta":
            frame = frames.delta(move, yes_prices=subscription.yes_prices)
        case "ticker":
            frame = frames.ticker(move.market)
        case "trade" if move.trade is not None:
            frame = frames.trade(move.trade)
        case "market_lifecycle_v2" if move.reschedules:
            frame = frames.close_date_updated(move.market)
        case "fill" if fill is not None:
            frame = frames.fill(fill, news.account.positions[move.market.ticker])
        case "market_positions" if fill is not None:
            position = news.account.positions[move.market.ticker]
            frame = frames.market_position(position, user_id)
        case "user_orders" if fill is not None:
            frame = frames.user_order(fill.order, user_id)
    if frame is None or subscription.channel in UNNUMBERED:
        return None if frame is None else subscription.unnumbered(frame)
    return subscription.numbered(frame)


def _error(number: int, code: int) -> Frame:
    message = {"code": code, "msg": ERRORS[code]}
    return {"id": number, "type": "error", "msg": message}
