"""Execution readiness, without an order: what the exchange says of key and account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kalshi_preflight.measurement.calls import Caller
from kalshi_preflight.measurement.purse import CALL_TOKENS
from kalshi_preflight.measurement.schedule import next_pause
from kalshi_preflight.model.evidence import Facts
from kalshi_preflight.model.measurement import Budget, Readiness

LIMITS, KEYS = "/account/limits", "/api_keys"
COSTS, SCHEDULE = "/account/endpoint_costs", "/exchange/schedule"
#: The endpoint that polling calls once a ticker, as the price list may name it.
_BOOK_PATHS = ("/markets/:ticker/orderbook", "/markets/{ticker}/orderbook")
_LATEST_UNIX = 4e9


@dataclass(slots=True, kw_only=True)
class Inquiry:
    """Four GET requests over a connection of their own."""

    caller: Caller
    now: datetime
    _refused: dict[str, str] = field(default_factory=dict)
    _signed_ms: list[float] = field(default_factory=list)

    async def run(self, status: Facts) -> tuple[Readiness, Budget | None]:
        """Ask; ``status`` are the facts of the survey's HTTP step. Never raises."""
        limits = await self._get(LIMITS, signed=True)
        keys = await self._get(KEYS, signed=True)
        costs = await self._get(COSTS)
        schedule = await self._get(SCHEDULE)
        until = _number(keys.get("api_key_region_expiration_ts"))
        if until is not None and until > _LATEST_UNIX:
            until = None
        readiness = Readiness(
            signed_read_ms=min(self._signed_ms, default=None),
            scopes=_scopes(keys, self._own_key_id()),
            location_until=None if until is None else _date(until),
            location_lapsed=None if until is None else until < self.now.timestamp(),
            exchange_active=_truth(status.get("exchange_active")),
            trading_active=_truth(status.get("trading_active")),
            next_pause=next_pause(schedule, self.now),
            refused=self._refused,
        )
        return readiness, _budget(limits, costs)

    async def _get(self, path: str, *, signed: bool = False) -> Mapping[str, Any]:
        call = await self.caller.get(path)
        if call.problem is not None:
            self._refused[path] = call.problem
        elif signed:
            self._signed_ms.append(call.evidence.elapsed_ms)
        return call.document if isinstance(call.document, Mapping) else {}

    def _own_key_id(self) -> str:
        signer = self.caller.line.identity.signer
        return signer.key_id.reveal() if signer is not None else ""


def _scopes(document: Mapping[str, Any], key_id: str) -> tuple[str, ...] | None:
    """The scopes of our own key; the other keys of the list are nobody's business."""
    rows = document.get("api_keys")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("api_key_id") == key_id:
            scopes = row.get("scopes")
            return tuple(map(str, scopes)) if isinstance(scopes, list) else None
    return None


def _budget(limits: Mapping[str, Any], costs: Mapping[str, Any]) -> Budget | None:
    read = limits.get("read")
    refill = _number(read.get("refill_rate")) if isinstance(read, Mapping) else None
    if not refill or not isinstance(read, Mapping):
        return None
    return Budget(
        tier=str(limits.get("usage_tier") or "not named")[:40],
        tokens_each_second=refill,
        burst_tokens=_number(read.get("bucket_capacity")) or refill,
        call_tokens=_cost(costs),
    )


def _cost(costs: Mapping[str, Any]) -> float:
    """What one order book costs: its own price, or the default one."""
    default = _number(costs.get("default_cost")) or CALL_TOKENS
    rows = costs.get("endpoint_costs")
    books = (
        row
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping)
        and row.get("method") == "GET"
        and str(row.get("path", "")).endswith(_BOOK_PATHS)
    )
    own = next(books, None)
    return default if own is None else _number(own.get("cost")) or default


def _number(value: object) -> float | None:
    """A number above zero, or nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 1e12 else None


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _date(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%MZ")
