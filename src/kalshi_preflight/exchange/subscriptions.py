"""Commands and subscriptions of one WebSocket connection: texts in, frames out."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kalshi_preflight.exchange import frames
from kalshi_preflight.exchange.book import Book, Move
from kalshi_preflight.exchange.frames import Frame

ERRORS: Mapping[int, str] = {
    1: "Unable to process message",
    2: "Params required",
    3: "Channels required",
    4: "Subscription IDs required",
    5: "Unknown command",
    7: "Unknown subscription ID",
    8: "Unknown channel name",
    9: "Authentication required",
    10: "Channel error",
    11: "Invalid parameter",
    12: "Exactly one subscription ID is required",
    13: "Unsupported action",
    14: "Market Ticker required",
    15: "Action required",
    18: "Command timeout",
    19: "shard_factor must be > 0",
    20: "shard_factor is required when shard_key is set",
    21: "shard_key must be >= 0 and < shard_factor",
    22: "shard_factor must be <= 100",
    23: "Match IDs required",
    24: "Index IDs required",
    25: "Subscription buffer overflow",
    26: "Subscription market limit exceeded",
    27: "Too many requests",
    28: "Underlying tickers required",
}
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
MARKET_LIMIT = 500_000


class CommandError(Exception):
    """A command that is answered with an ``error`` frame."""

    def __init__(self, code: int, sid: int | None = None) -> None:
        super().__init__(ERRORS[code])
        self.code = code
        self.sid = sid


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
        except ValueError:
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

    def moved(self, move: Move) -> list[Frame]:
        """Frames about one change of a book, for every subscription it concerns."""
        return [
            frame
            for subscription in self.active.values()
            if subscription.covers(move.market.ticker)
            for frame in _about(subscription, move)
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
        params = _params(params)
        channels = params.get("channels")
        if not isinstance(channels, list) or not channels:
            raise CommandError(3)
        if any(channel not in CHANNELS for channel in channels):
            raise CommandError(8)
        tickers = _tickers(params)
        if "orderbook_delta" in channels and not tickers:
            raise CommandError(14)
        _check_shards(params)
        for channel in channels:
            _check_feed(channel, params)
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
        sids = _sids(_params(params))
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
        params = _params(params)
        sids = _sids(params)
        if len(sids) != 1:
            raise CommandError(12)
        subscription = self.active.get(sids[0])
        if subscription is None:
            raise CommandError(7)
        tickers = _tickers(params)
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


def _about(subscription: Subscription, move: Move) -> Iterator[Frame]:
    if subscription.channel == "orderbook_delta":
        frame = frames.delta(move, yes_prices=subscription.yes_prices)
        yield subscription.numbered(frame)
    elif subscription.channel == "ticker":
        yield subscription.unnumbered(frames.ticker(move.market))
    elif subscription.channel == "trade" and move.trade is not None:
        yield subscription.numbered(frames.trade(move.trade))


def _error(number: int, code: int) -> Frame:
    message = {"code": code, "msg": ERRORS[code]}
    return {"id": number, "type": "error", "msg": message}


def _params(params: Any) -> dict[str, Any]:
    if not isinstance(params, dict) or not params:
        raise CommandError(2)
    return params


def _tickers(params: Mapping[str, Any]) -> list[str]:
    one, many = params.get("market_ticker"), params.get("market_tickers")
    if one is not None and many is not None:
        raise CommandError(11)
    tickers = [one] if one is not None else (many or [])
    if not isinstance(tickers, list) or any(not isinstance(t, str) for t in tickers):
        raise CommandError(11)
    if len(tickers) > MARKET_LIMIT:
        raise CommandError(26)
    return tickers


def _sids(params: Mapping[str, Any]) -> list[int]:
    one, many = params.get("sid"), params.get("sids")
    if one is not None and many is not None:
        raise CommandError(11)
    sids = [one] if one is not None else (many or [])
    if not isinstance(sids, list) or any(not isinstance(sid, int) for sid in sids):
        raise CommandError(11)
    return sids


def _check_shards(params: Mapping[str, Any]) -> None:
    factor, key = params.get("shard_factor"), params.get("shard_key")
    if factor is None:
        if key is not None:
            raise CommandError(20)
        return
    if not isinstance(factor, int) or factor <= 0:
        raise CommandError(19)
    if factor > 100:
        raise CommandError(22)
    if key is not None and not (isinstance(key, int) and 0 <= key < factor):
        raise CommandError(21)


def _check_feed(channel: str, params: Mapping[str, Any]) -> None:
    if channel.startswith("cfbenchmarks_value") and not params.get("index_ids"):
        raise CommandError(24)
    if channel == "pyth_value" and not params.get("underlying_tickers"):
        raise CommandError(28)
