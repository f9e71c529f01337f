"""Polling: the numbers are those that the exchange brought about."""

import asyncio
from pathlib import Path

import pytest

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.bucket import Tier
from kalshi_preflight.exchange.faults.measured_polls import (
    CALLS_EACH_SECOND,
    COPY_SECONDS,
    is_market_data,
)
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import (
    Then,
    answering,
    marking,
    sending,
)
from kalshi_preflight.exchange.message import Request, Response, as_text
from kalshi_preflight.measurement.extent import Extent
from kalshi_preflight.model.measurement import Polling
from tests.selftest.measurement.measured import Measured, measured

pytestmark = pytest.mark.selftest

#: What waiting on a busy machine may add, as a share of what was injected.
_TOLERANCE = 0.5


def polling_of(run: Measured) -> Polling:
    """The numbers of polling, which were taken."""
    assert run.measurement.polling is not None, run.measurement.closed
    return run.measurement.polling


def is_book(request: Request) -> bool:
    """Whether a request is for an order book."""
    return request.path.endswith("/orderbook")


def test_a_healthy_exchange_is_polled_as_wanted(tmp_path: Path) -> None:
    """One connection, every call answered, no copies, books as the stream has them."""
    with measured(tmp_path) as run:
        polling = polling_of(run)
        assert polling.answers == polling.calls == 2 * polling.rounds > 4
        assert polling.connections == 1
        assert polling.copies == polling.rate_limited == polling.books_unlike == 0
        assert polling.book_lag is not None
        assert polling.book_lag.max_ms <= polling.interval_ms
        assert run.warnings == set()


def test_latency_is_what_was_injected(tmp_path: Path) -> None:
    """Each call takes as long as the exchange waits, and rounds as long as two calls.

    400 ms twice are more than the wanted 500 ms: the real interval is the calls' own.
    """
    late_ms = 400.0

    async def wait(request: Request, response: Response) -> Response:
        if is_market_data(request):
            await asyncio.sleep(late_ms / 1000)
        return response

    with measured(tmp_path, lambda hooks: hooks.http.answers.append(wait)) as run:
        polling = polling_of(run)
        assert polling.latency is not None
        assert polling.rounds_every is not None
        most = 1 + _TOLERANCE
        assert late_ms <= polling.latency.p50_ms <= most * late_ms
        assert 2 * late_ms <= polling.rounds_every.p50_ms <= most * 2 * late_ms


def test_copies_tell_their_age(tmp_path: Path) -> None:
    """Copies of 12 s are found as copies of 12 s, on every call, and warned of."""
    with measured(tmp_path, faults=["poll-copies"]) as run:
        polling = polling_of(run)
        assert polling.oldest_copy_seconds == COPY_SECONDS
        assert polling.copies == polling.answers > 0
        assert polling.stale
        (cause,) = run.measurement.causes
        assert cause.id == "http-stale"
        assert f"{COPY_SECONDS} s old" in cause.summary
        assert run.diagnosis.root_cause is None
        assert run.diagnosis.verdict == "degraded"


def test_a_checked_copy_is_none(tmp_path: Path) -> None:
    """A copy that was compared with the original on the way is as good as it."""
    fresh = marking(is_market_data, ("X-Cache", "RefreshHit from cloudfront"))
    with measured(tmp_path, lambda hooks: hooks.http.answers.append(fresh)) as run:
        assert polling_of(run).copies == 0
        assert run.warnings == set()


def test_a_silent_copy_is_behind_the_stream(tmp_path: Path) -> None:
    """A frozen book that says nothing of its age is told by the WebSocket.

    It is behind, and by no more than it was kept; by how much exactly is the market's
    doing, which may come back to the same book.
    """
    kept: list[Response] = []

    async def freeze(request: Request, response: Response) -> Response:
        if not is_book(request):
            return response
        kept.append(response)
        return kept[0]

    with measured(
        tmp_path,
        lambda hooks: hooks.http.answers.append(freeze),
        extent=Extent(seconds=4, interval_seconds=0.5),
        moves_per_second=500.0,
    ) as run:
        polling = polling_of(run)
        assert polling.book_lag is not None
        assert polling.unchanged == polling.rounds - 1
        assert 0 < polling.book_lag.max_ms <= polling.seconds * 1000
        assert polling.stale == ("http-stale" in run.warnings)


def test_429s_are_counted_and_bound_the_tickers(tmp_path: Path) -> None:
    """Every 429 that was sent is counted, and the rate that got through is the limit.

    The stated budget is ten times of it: the warning says what really was answered.
    """
    extent = Extent(seconds=4, interval_seconds=0.25)
    with measured(tmp_path, faults=["poll-limited"], extent=extent) as run:
        polling = polling_of(run)
        budget = run.measurement.budget
        sent = [r for r in run.exchange.ledger.rest_requests if "/markets" in r.path]
        refused = polling.calls - polling.answers
        assert polling.rate_limited == polling.errors["status 429"] == refused > 0
        assert polling.calls <= len(sent)
        assert budget is not None
        assert budget.calls_each_second == 10 * CALLS_EACH_SECOND
        # As many more were answered at once as the exchange holds in its bucket.
        most = CALLS_EACH_SECOND + (1 + CALLS_EACH_SECOND) / polling.seconds
        assert 0 < polling.calls_each_second <= most
        assert run.warnings == {"http-rate-limited"}


def test_a_429_makes_the_polling_slower(tmp_path: Path) -> None:
    """Each round that is told to slow down doubles the pause before the next."""
    always = answering(is_book, refusals.TOO_MANY_REQUESTS)
    with measured(tmp_path, lambda hooks: hooks.http.answers.append(always)) as run:
        # Rounds at 0 and after 1.0 s; the next is due after 3.0 s, beyond the end.
        assert polling_of(run).rounds == 2


@pytest.mark.parametrize(
    ("status", "cause"), [(500, "http-server-error"), (503, "http-bad-gateway")]
)
def test_errors_are_named_as_on_their_layer(
    tmp_path: Path, status: int, cause: str
) -> None:
    """What the exchange answers instead is counted, and warned of by its own cause."""
    answer = answering(is_book, as_text("no", status))
    with measured(tmp_path, lambda hooks: hooks.http.answers.append(answer)) as run:
        polling = polling_of(run)
        assert polling.errors == {f"status {status}": polling.rounds}
        assert run.warnings == {cause}
        assert run.diagnosis.root_cause is None


def test_a_cut_connection_is_opened_again(tmp_path: Path) -> None:
    """A call that is cut off fails, the next one has a connection of its own."""

    def cut(hooks: Hooks) -> None:
        hooks.http.sends.append(sending(is_book, lambda wire: wire[:40], Then.RESET))

    with measured(tmp_path, cut) as run:
        polling = polling_of(run)
        assert polling.answers == polling.rounds
        assert sum(polling.errors.values()) == polling.rounds > 1
        assert polling.connections >= polling.rounds
        assert len(run.warnings) == 1


@pytest.mark.parametrize("tokens", [200, 1200])
def test_the_budget_is_the_accounts_own(tmp_path: Path, tokens: int) -> None:
    """What the exchange states of this account is what tickers are reckoned with."""
    tier = Tier("premier", tokens, tokens, tokens, tokens)
    with measured(tmp_path, tier=tier) as run:
        budget = run.measurement.budget
        assert budget is not None
        assert (budget.tier, budget.tokens_each_second) == ("premier", tokens)
        assert budget.calls_each_second == tokens / 10
