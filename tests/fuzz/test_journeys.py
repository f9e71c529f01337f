"""Whole journeys against hostile peers: each ends, with a verdict that has a name."""

import time
from pathlib import Path

import pytest

from tests.fuzz.campaign import tally_of
from tests.fuzz.journeys import SLOTS, Battlefield, outcome_of, survey
from tests.selftest.long import rounds

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(0)]

#: A batch that is still going by then has no bound; no faster machine changes that.
HANGS_SECONDS = 60.0
JOURNEYS = rounds(400, 5200)


def test_every_journey_ends_with_a_verdict(tmp_path: Path) -> None:
    """No hostile peer makes a survey hang, raise, or say what it does not know."""
    battlefield = Battlefield(tmp_path)
    tally = tally_of("journeys")
    with battlefield.open() as state:
        for first in range(0, JOURNEYS, SLOTS):
            numbers = range(first, min(first + SLOTS, JOURNEYS))
            started = time.perf_counter()
            found = survey(battlefield, state, numbers, HANGS_SECONDS)
            elapsed_ms = (time.perf_counter() - started) * 1000
            for number, diagnosis in found.items():
                try:
                    tally.note(outcome_of(diagnosis), elapsed_ms)
                except AssertionError as error:
                    raise AssertionError(f"journey {number}: {error}") from None
    assert tally.inputs == JOURNEYS
    assert len(tally.outcomes) > 10, "the damage does not arrive"
