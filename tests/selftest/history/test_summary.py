"""What a history says: percentiles, availability, changes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.history import histories, remember
from kalshi_preflight.model.history import CauseChange, EnvironmentHistory
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.report.history import history_text
from tests.selftest.report.surveys import DNS_FAILURE, EXPIRED, broken, healthy, made

pytestmark = pytest.mark.selftest

BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def _remembered(tmp_path: Path, *documents: Any) -> EnvironmentHistory:
    url = Secret(f"sqlite:///{tmp_path / 'history.sqlite'}")
    for minute, document in enumerate(documents):
        moment = BEGIN + timedelta(minutes=minute)
        started = f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
        remember(url, {**document, "started": started}, vantage="here")
    (history,) = histories(url)
    return history


def _timed(elapsed_ms: float) -> Any:
    """A healthy run whose DNS steps took this long at REST, half of it elsewhere."""
    document = made(healthy())
    for journey in document["environments"][0]["journeys"]:
        share = 1 if journey["endpoint"] == "rest" else 0.5
        journey["steps"][0]["elapsed_ms"] = elapsed_ms * share
    return document


def test_percentiles_are_of_steps_that_held(tmp_path: Path) -> None:
    """p50 and p95 are times that were seen, of all endpoints, broken steps left out."""
    runs = [_timed(float(ms)) for ms in range(2, 42, 2)]
    history = _remembered(tmp_path, *runs, made(broken(DNS_FAILURE)))
    (dns,) = (each for each in history.layers if each.layer is Layer.DNS)
    seen = sorted([*range(2, 42, 2), *range(1, 21), *range(1, 21)])
    assert dns.samples == len(seen) == 60
    assert dns.p50_ms == seen[29]
    assert dns.p95_ms == seen[56]
    assert [run.elapsed_ms.get(Layer.DNS) for run in history.runs[-2:]] == [40.0, None]


def test_availability_and_the_last_change(tmp_path: Path) -> None:
    """Of eight runs one was unreachable; the last change is when it was mended."""
    well, ill = made(healthy()), made(broken(EXPIRED))
    history = _remembered(tmp_path, well, ill, *[well] * 6)
    assert history.availability == 0.875
    assert history.changes == 2
    assert history.last_change == CauseChange(
        when=BEGIN + timedelta(minutes=2),
        before="tls-certificate-expired",
        after=None,
    )
    assert not history.flapping


def test_the_summary_fits_eighty_columns(tmp_path: Path) -> None:
    """The summary names what counts in plain ASCII, within the width that is given."""
    well, ill = made(healthy()), made(broken(EXPIRED))
    history = _remembered(tmp_path, *[well, ill] * 4)
    text = history_text([history], width=80)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert text.isascii()
    assert "production from here" in text
    assert "reached in 50.00% of them" in text
    assert "nothing broken -> tls-certificate-expired" in text
    assert "FLAPPING: the cause changed 7 times" in text
    rows = [line.split()[0] for line in text.splitlines() if line.endswith("ms")]
    assert rows == ["dns", "tcp", "tls", "http", "auth", "websocket"]


def test_no_history_is_said() -> None:
    """Before the first run there is a sentence instead of an empty screen."""
    assert history_text([], width=80).startswith("No history yet")
