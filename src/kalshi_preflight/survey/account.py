"""The account of one environment, read whole over the signed session: GET only."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from kalshi_preflight.model.account import Account, Holding, RestingOrder
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Diagnosis, Status
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes import prepare
from kalshi_preflight.probes.approach import approach
from kalshi_preflight.probes.exchange_client import ExchangeClient
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Identity, Line, Notes
from kalshi_preflight.signing.keys import signer_from
from kalshi_preflight.signing.rest import headers

#: Rows a page: a page of orders has to stay below the cap on a body.
_PAGE = 200
#: More pages than this are not followed; what is left out is said.
_MOST_PAGES = 50
#: An amount of more digits is none: ``1e999999999``, written out, fills the memory.
_MOST_DIGITS = 30


class AccountUnread(Exception):
    """The account could not be read; ``cause`` is the id of what stands before it."""

    def __init__(self, reason: str, cause: str | None = None) -> None:
        super().__init__(reason)
        self.cause = cause


async def read_account(
    environment: Environment, diagnosis: Diagnosis, budget_seconds: float
) -> Account:
    """Balance, positions, resting orders and fills, every page of them.

    Raises :class:`AccountUnread` without a working auth layer, or for whatever ends
    the reading: then nothing is known of the account, which is not "nothing is there".
    """
    _check(environment, diagnosis)
    signer = await asyncio.to_thread(signer_from, environment.credentials)
    endpoint = environment.endpoints[EndpointKind.REST]
    line = Line(
        environment=environment, endpoint=endpoint, identity=Identity(signer=signer)
    )
    prepare({Layer.DNS, Layer.TLS, Layer.HTTP})
    try:
        async with asyncio.timeout(budget_seconds):
            return await _Reading(line).account()
    except AccountUnread:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, nothing is known
        kind = failure_of(error, "account").kind
        raise AccountUnread(f"the account could not be read ({kind})") from None
    finally:
        line.close()


def _check(environment: Environment, diagnosis: Diagnosis) -> None:
    """Without a working auth layer there is no account to speak of."""
    journey = diagnosis.journey(EndpointKind.REST)
    step = journey.step(Layer.AUTH) if journey else None
    if step is None:
        if diagnosis.root_cause is not None:
            raise AccountUnread("the way is broken", diagnosis.root_cause.id)
        raise AccountUnread(f"auth of {environment.name} was not asked")
    cause = step.broken.id if step.broken else step.blocked_by
    if cause is not None:
        raise AccountUnread(f"auth of {environment.name} does not work", cause)
    if step.status is Status.SKIPPED:
        raise AccountUnread(f"auth of {environment.name} was skipped")


class _Reading:
    """One reading over one connection; each request is signed anew."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._incomplete: list[str] = []

    async def account(self) -> Account:
        await self._connect()
        balance = await self._get("/portfolio/balance")
        read_unix = time.time()
        positions = [r async for r in self._all("positions", "market_positions")]
        resting = [r async for r in self._all("orders", "orders", "&status=resting")]
        fills = [r async for r in self._all("fills", "fills")]
        times = [t for fill in fills if (t := _unix(fill.get("created_time")))]
        cutoff = await self._cutoff()
        return Account(
            environment=self._line.environment.name,
            read_unix=read_unix,
            cash_cents=_cents(balance),
            portfolio_value_cents=int(balance.get("portfolio_value") or 0),
            holdings=tuple(_holding(row) for row in positions if _size(row)),
            resting=tuple(map(_order, resting)),
            fills=len(fills),
            oldest_fill_unix=min(times, default=None),
            newest_fill_unix=max(times, default=None),
            historical_fills=await self._historical(cutoff),
            cutoff_unix=cutoff,
            incomplete=tuple(self._incomplete),
        )

    async def _connect(self) -> None:
        wire = await approach(self._line)
        self._line.client = ExchangeClient(self._line, wire)

    async def _get(self, path: str) -> dict[str, Any]:
        notes = await self._answer(path)
        document = notes.get("json")
        if notes["status"] != 200 or not isinstance(document, dict):
            raise AccountUnread(
                f"GET {path.split('?', maxsplit=1)[0]} answered {notes['status']}"
            )
        return document

    async def _answer(self, path: str) -> Notes:
        line = self._line
        assert line.client is not None
        assert line.identity.signer is not None
        now_ms = time.time_ns() // 1_000_000
        whole = line.endpoint.path + path
        signed = headers(line.identity.signer, "GET", whole, timestamp_ms=now_ms)
        notes: Notes = {}
        await line.client.get(path, notes, signed)
        return notes

    async def _all(
        self, listing: str, member: str, query: str = "", folder: str = "portfolio"
    ) -> AsyncIterator[dict[str, Any]]:
        """Every row of a listing: the cursor is followed until it is empty."""
        cursor = ""
        for _ in range(_MOST_PAGES):
            after = f"&cursor={cursor}" if cursor else ""
            path = f"/{folder}/{listing}?limit={_PAGE}{query}{after}"
            document = await self._get(path)
            for row in document.get(member) or ():
                if isinstance(row, dict):
                    yield row
            following = str(document.get("cursor") or "")
            if not following:
                return
            if following == cursor:
                break
            cursor = following
        self._incomplete.append(listing)

    async def _cutoff(self) -> float | None:
        """Where the live listings begin, if this exchange says so."""
        notes = await self._answer("/historical/cutoff")
        document = notes.get("json")
        if notes["status"] != 200 or not isinstance(document, dict):
            return None
        value = document.get("trades_created_ts")
        return float(value) if isinstance(value, int) else _unix(value)

    async def _historical(self, cutoff: float | None) -> int | None:
        if cutoff is None:
            return None
        listing = self._all("fills", "fills", folder="historical")
        try:
            return len([row async for row in listing])
        except AccountUnread:
            self._incomplete.append("historical fills")
            return None


def amount(value: Any) -> Decimal:
    """A number as the exchange writes it; zero for what is none."""
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    whole = made.is_finite() and made.adjusted() <= _MOST_DIGITS
    return made if whole else Decimal(0)


def _cents(balance: dict[str, Any]) -> int:
    """Whole cents; a balance without any of the known fields is not an empty one."""
    if isinstance(balance.get("balance"), int):
        return int(balance["balance"])
    if "balance_dollars" in balance:
        return int(amount(balance["balance_dollars"]) * 100)
    raise AccountUnread("the balance has another shape than this suite knows")


def _size(row: dict[str, Any]) -> Decimal:
    """The size of a position; ``position_fp`` is a string, negative for NO."""
    if "position_fp" not in row:
        raise AccountUnread("positions have another shape than this suite knows")
    return amount(row["position_fp"])


def _holding(row: dict[str, Any]) -> Holding:
    return Holding(
        ticker=str(row.get("ticker", "?")),
        size=_size(row),
        exposure_dollars=amount(row.get("market_exposure_dollars", 0)),
    )


def _order(row: dict[str, Any]) -> RestingOrder:
    """A resting order; one to buy locks its price for what remains of it."""
    side = "no" if row.get("side") == "no" else "yes"
    price = amount(row.get(f"{side}_price_dollars", 0))
    remaining = amount(row.get("remaining_count_fp", 0))
    buys = row.get("action", "buy") == "buy"
    return RestingOrder(
        order_id=str(row.get("order_id", "?")),
        ticker=str(row.get("ticker", "?")),
        created_unix=_unix(row.get("created_time")),
        locked_dollars=price * remaining if buys else Decimal(0),
    )


def _unix(value: Any) -> float | None:
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except ValueError:
        return None
