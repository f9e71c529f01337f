"""Amounts as the exchange writes them: decimal strings."""

from datetime import UTC, datetime

from kalshi_preflight.exchange.clock import rfc3339


def dollars(cents: int) -> str:
    """Write whole cents as a ``*_dollars`` string with four decimals."""
    return f"{cents // 100}.{cents % 100:02d}00"


def short_dollars(ten_thousandths: int) -> str:
    """Write ten-thousandths of a dollar with four decimals."""
    return f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04d}"


def exact_dollars(ten_thousandths: int) -> str:
    """Write the same with six decimals, as positions, fees and costs have it."""
    return f"{short_dollars(ten_thousandths)}00"


def contracts(hundredths: int) -> str:
    """Write hundredths of a contract as a ``*_fp`` string with two decimals."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def timestamp(unix_ms: int) -> str:
    """Write Unix milliseconds as RFC 3339."""
    return rfc3339(datetime.fromtimestamp(unix_ms / 1000, UTC), fraction=True)


def ladder(levels: dict[int, int]) -> list[list[str]]:
    """Write a bid ladder, best price last."""
    return [[dollars(price), contracts(levels[price])] for price in sorted(levels)]
