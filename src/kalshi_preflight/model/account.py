"""An account as the exchange tells it: what the engine's books are held against."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A position of the exchange's books; a negative ``size`` is a NO position."""

    ticker: str
    size: Decimal
    exposure_dollars: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestingOrder:
    """An order that waits in the book, and the cash that it keeps locked."""

    order_id: str
    ticker: str
    created_unix: float | None = None
    locked_dollars: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of one environment, read over the signed session, all pages.

    ``read_unix`` is when the balance was read; ``fills`` counts every page of the live
    listing, ``historical_fills`` those behind ``cutoff_unix`` (``None``: not asked).
    ``incomplete`` names listings whose last page was not reached.
    """

    environment: str
    read_unix: float
    cash_cents: int
    portfolio_value_cents: int
    holdings: tuple[Holding, ...] = ()
    resting: tuple[RestingOrder, ...] = ()
    fills: int = 0
    oldest_fill_unix: float | None = None
    newest_fill_unix: float | None = None
    historical_fills: int | None = None
    cutoff_unix: float | None = None
    incomplete: tuple[str, ...] = ()

    @property
    def locked_dollars(self) -> Decimal:
        """Cash that resting orders keep locked."""
        return sum((order.locked_dollars for order in self.resting), Decimal(0))

    @property
    def all_fills(self) -> int:
        """Fills of the live listing and of the history behind it."""
        return self.fills + (self.historical_fills or 0)
