"""Whatever comes: no hang, no crash, no exception but a cause or a declared error."""

import pytest

from tests.fuzz.campaign import Target, assault, corpus
from tests.fuzz.targets import TARGETS

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(0)]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_input_has_an_outcome(target: Target) -> None:
    """Each hostile input ends in an outcome that has a name, and soon."""
    tally = assault(target)
    assert tally.inputs >= target.count
    assert len(tally.outcomes) > 1, "nothing was told apart: the inputs do not arrive"


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_has_healthy_inputs(target: Target) -> None:
    """Damage is done to something that was whole."""
    assert corpus(target.name) or target.healthy()
