"""The listed series and events: data only. Invented, but of the exchange's make."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Listing:
    """One series with the outcomes that every one of its events offers."""

    ticker: str
    title: str
    category: str
    frequency: str
    tags: tuple[str, ...]
    source: tuple[str, str]
    question: str
    outcomes: tuple[tuple[str, str], ...]
    strike_type: str = "custom"


LISTINGS = (
    Listing(
        "KXHIGHNY",
        "Highest temperature in New York",
        "Climate and Weather",
        "daily",
        ("Weather", "Daily temperature"),
        ("National Weather Service", "https://www.weather.gov/"),
        "Will the high temperature in New York be {outcome}?",
        (
            ("T41", "40° or below"),
            ("B42", "41° to 42°"),
            ("B44", "43° to 44°"),
            ("B46", "45° to 46°"),
            ("B48", "47° to 48°"),
            ("T48", "49° or above"),
        ),
    ),
    Listing(
        "KXBTCD",
        "Bitcoin price on a day",
        "Crypto",
        "daily",
        ("Bitcoin",),
        ("CF Benchmarks", "https://www.cfbenchmarks.com/"),
        "Will the price of Bitcoin be {outcome} at 5 PM EST?",
        tuple(
            (f"T{strike}", f"${strike:,} or above")
            for strike in (
                88_000,
                89_000,
                90_000,
                91_000,
                92_000,
                93_000,
                94_000,
                95_000,
            )
        ),
    ),
    Listing(
        "KXFEDDECISION",
        "Fed decision",
        "Economics",
        "custom",
        ("Fed", "Interest rates"),
        ("Federal Reserve", "https://www.federalreserve.gov/"),
        "Will the Federal Reserve {outcome} at its next meeting?",
        (
            ("C25", "cut by 25 basis points"),
            ("C26", "cut by more than 25 basis points"),
            ("H0", "leave rates unchanged"),
            ("H25", "hike by 25 basis points"),
        ),
    ),
    Listing(
        "KXNBAGAME",
        "Professional basketball game",
        "Sports",
        "daily",
        ("Basketball",),
        ("NBA", "https://www.nba.com/"),
        "Will {outcome} win the game?",
        (("HOM", "the home team"), ("AWY", "the visiting team")),
    ),
)

EVENTS_PER_SERIES = 3
