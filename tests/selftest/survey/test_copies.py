"""Copies of the public status: a young one is how a CDN works, an old one is stale."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.interception import is_status, marking
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.surveys import survey_environment
from tests.selftest.test_matrix import found

pytestmark = pytest.mark.selftest

HIT = ("X-Cache", "Hit from cloudfront")
Headers = tuple[tuple[str, str], ...]


def written(seconds_ago: int) -> tuple[str, str]:
    """A ``Date`` so long ago."""
    moment = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    return "Date", format_datetime(moment, usegmt=True)


COPIES: dict[str, tuple[Callable[[], Headers], list[str]]] = {
    "revalidated": (lambda: (("Age", "0"), HIT), []),
    "young": (lambda: (("Age", "12"), HIT, written(12)), []),
    "young-without-age": (lambda: (HIT, written(20)), []),
    "young-by-a-wrong-date": (lambda: (("Age", "5"), HIT, written(300)), []),
    "a-minute": (lambda: (("Age", "60"), HIT, written(60)), []),
    "old": (lambda: (("Age", "61"), HIT, written(61)), ["http-stale"]),
    "old-without-age": (lambda: (HIT, written(300)), ["http-stale"]),
    "age-is-no-number": (
        lambda: (("Age", "a day"), written(86400)),
        ["http-stale"],
    ),
    "undated": (lambda: (HIT, ("Date", "yesterday")), []),
}


@pytest.mark.parametrize("name", COPIES)
def test_only_an_old_copy_is_stale(name: str, tmp_path: Path) -> None:
    """Over a minute old is stale: by its own word, else by its date."""
    headers, causes = COPIES[name]
    exchange = Exchange(tmp_path)
    exchange.hooks.http.answers.append(marking(is_status, *headers()))
    with exchange:
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(environment, budget_seconds=10)
    assert [cause.id for cause in found(diagnosis)] == causes
