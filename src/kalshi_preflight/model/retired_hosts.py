"""Host names that are dead, were never right, or have a successor.

Data only; what to make of a name is a rule's business. Seen in programs, guides and
old documentation of the exchange; the dates are those of the last observation.
"""

from dataclasses import dataclass
from enum import StrEnum


class RetiredAnswer(StrEnum):
    """What such a name does when it is asked."""

    MOVED = "moved"  # resolves; 401 text/plain "API has been moved to ..."
    NO_NAME = "no-name"  # NXDOMAIN
    UNVERIFIED = "unverified"  # never seen to answer: judge it only after it failed


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredHost:
    """One dead name: the host to use instead, for which environment, and the story."""

    current: str
    environment: str
    answer: RetiredAnswer
    note: str


RETIRED_HOSTS: dict[str, RetiredHost] = {
    "trading-api.kalshi.com": RetiredHost(
        current="api.elections.kalshi.com",
        environment="production",
        answer=RetiredAnswer.MOVED,
        note="the v2 host until about 2024; answers every request with 401 (2026-08)",
    ),
    "trading-api.kalshi.co": RetiredHost(
        current="api.elections.kalshi.com",
        environment="production",
        answer=RetiredAnswer.MOVED,
        note="reported to answer with the same 401 (2026)",
    ),
    "api.kalshi.com": RetiredHost(
        current="api.elections.kalshi.com",
        environment="production",
        answer=RetiredAnswer.NO_NAME,
        note="has no DNS name; common in generated code (2026-07)",
    ),
    "demo-api.kalshi.com": RetiredHost(
        current="demo-api.kalshi.co",
        environment="demo",
        answer=RetiredAnswer.NO_NAME,
        note="has no DNS name: the demo environment ends in .co (2026)",
    ),
    "demo-trading-api.kalshi.com": RetiredHost(
        current="demo-api.kalshi.co",
        environment="demo",
        answer=RetiredAnswer.NO_NAME,
        note="has no DNS name (2026-02)",
    ),
    "demo-api.elections.kalshi.com": RetiredHost(
        current="demo-api.kalshi.co",
        environment="demo",
        answer=RetiredAnswer.UNVERIFIED,
        note="stands in third-party guides, never in the exchange's documentation",
    ),
    "fix.elections.kalshi.com": RetiredHost(
        current="mm.fix.elections.kalshi.com",
        environment="production",
        answer=RetiredAnswer.UNVERIFIED,
        note="the documented FIX host until 2026-05-04",
    ),
    "demo-fix.elections.kalshi.com": RetiredHost(
        current="fix.demo.kalshi.co",
        environment="demo",
        answer=RetiredAnswer.UNVERIFIED,
        note="stands in a third-party specification, never in the documentation",
    ),
}
