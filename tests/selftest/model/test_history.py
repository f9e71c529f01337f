"""Histories: when a cause flaps."""

from datetime import UTC, datetime, timedelta

import pytest

from kalshi_preflight.model.history import EnvironmentHistory, PastRun
from kalshi_preflight.model.journey import Reach

pytestmark = pytest.mark.selftest

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def _history(*causes: str | None) -> EnvironmentHistory:
    runs = tuple(
        PastRun(
            started=_BEGIN + timedelta(minutes=number),
            verdict=Reach.UNREACHABLE if cause else Reach.REACHABLE,
            cause=cause,
            elapsed_ms={},
        )
        for number, cause in enumerate(causes)
    )
    return EnvironmentHistory(
        environment="production",
        vantage="here",
        runs=runs,
        availability=1.0,
        changes=0,
        last_change=None,
        layers=(),
    )


@pytest.mark.parametrize(
    ("causes", "flapping"),
    [
        ((None, "tcp-timeout", None, "tcp-timeout", None), True),
        ((None, None, None, None, "tcp-timeout", "tcp-timeout"), False),
        ((None, "tcp-timeout"), False),
        ((None, "tcp-timeout") * 5 + (None,) * 13, False),
    ],
    ids=["to-and-fro", "broke-once", "too-few-runs", "long-ago"],
)
def test_flapping_is_a_cause_that_keeps_changing(
    causes: tuple[str | None, ...], flapping: bool
) -> None:
    """A cause that came and stayed, or flapped long ago, does not flap now."""
    assert _history(*causes).flapping is flapping
