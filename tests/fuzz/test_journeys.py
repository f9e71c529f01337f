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
#: Only those count that met their damage; on a busy machine many are not in time.
MOST_TIMES = 4


def test_every_journey_ends_with_a_verdict(tmp_path: Path) -> None:
    """No hostile peer makes a survey hang, raise, or say what it does not know."""
    battlefield = Battlefield(tmp_path)
    tally, unmet = tally_of("journeys"), tally_of("journeys, unmet")
    with battlefield.open() as state:
        for first in range(0, MOST_TIMES * JOURNEYS, SLOTS):
            if tally.inputs >= JOURNEYS:
                break
            numbers = range(first, first + SLOTS)
            started = time.perf_counter()
            found = survey(battlefield, state, numbers, HANGS_SECONDS)
            elapsed_ms = (time.perf_counter() - started) * 1000
            for number, diagnosis in found.items():
                try:
                    met = number in battlefield.damaged
                    which = tally if met else unmet
                    which.note(outcome_of(diagnosis), elapsed_ms)
                except AssertionError as error:
                    raise AssertionError(f"journey {number}: {error}") from None
    assert tally.inputs >= JOURNEYS, "most ended before they came to their damage"
    assert len(tally.outcomes) > 10, "the damage does not arrive"
