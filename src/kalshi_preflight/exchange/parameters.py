"""Parameters of WebSocket commands: what can be wrong with them, by error code."""

from collections.abc import Mapping
from typing import Any

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
MARKET_LIMIT = 500_000


class CommandError(Exception):
    """A command that is answered with an ``error`` frame."""

    def __init__(self, code: int, sid: int | None = None) -> None:
        super().__init__(ERRORS[code])
        self.code = code
        self.sid = sid


def given(params: Any) -> dict[str, Any]:
    """Return the parameters; raises ``CommandError``."""
    if not isinstance(params, dict) or not params:
        raise CommandError(2)
    return params


def market_tickers(params: Mapping[str, Any]) -> list[str]:
    """Read ``market_ticker`` or ``market_tickers``; both at once are refused."""
    one, many = params.get("market_ticker"), params.get("market_tickers")
    if one is not None and many is not None:
        raise CommandError(11)
    tickers = [one] if one is not None else (many or [])
    if not isinstance(tickers, list) or any(not isinstance(t, str) for t in tickers):
        raise CommandError(11)
    if len(tickers) > MARKET_LIMIT:
        raise CommandError(26)
    return tickers


def subscription_ids(params: Mapping[str, Any]) -> list[int]:
    """Read ``sid`` or ``sids``; both at once are refused."""
    one, many = params.get("sid"), params.get("sids")
    if one is not None and many is not None:
        raise CommandError(11)
    sids = [one] if one is not None else (many or [])
    if not isinstance(sids, list) or any(not isinstance(sid, int) for sid in sids):
        raise CommandError(11)
    return sids


def check_shards(params: Mapping[str, Any]) -> None:
    """Check ``shard_factor`` and ``shard_key``."""
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


def check_feed(channel: str, params: Mapping[str, Any]) -> None:
    """Check what a price feed needs."""
    if channel.startswith("cfbenchmarks_value") and not params.get("index_ids"):
        raise CommandError(24)
    if channel == "pyth_value" and not params.get("underlying_tickers"):
        raise CommandError(28)
