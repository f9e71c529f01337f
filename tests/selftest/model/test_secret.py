"""A secret is not seen by accident."""

import copy
import pickle

import pytest

from kalshi_preflight.model.secret import Secret

pytestmark = pytest.mark.selftest

WORD = "correct-horse-battery-staple"


@pytest.mark.parametrize("template", ["{}", "{!r}", "{!s:>40}"])
def test_every_way_of_showing_is_masked(template: str) -> None:
    """Neither ``repr`` nor ``str`` nor a format shows any of it."""
    assert "horse" not in template.format(Secret(WORD))


def test_only_reveal_gives_it() -> None:
    """The value comes back where somebody asks for it in so many words."""
    assert Secret(WORD).reveal() == WORD


def test_comparing_is_refused() -> None:
    """An assertion that compares secrets would print them, so it raises."""
    with pytest.raises(TypeError):
        assert Secret(WORD) == Secret(WORD)


@pytest.mark.parametrize("take_along", [pickle.dumps, copy.copy])
def test_it_does_not_travel(take_along: object) -> None:
    """It is neither pickled to a worker nor copied."""
    assert callable(take_along)
    with pytest.raises(TypeError):
        take_along(Secret(WORD))


def test_last_four_of_short_ones_are_not_shown() -> None:
    """Four characters of a short secret would be most of it."""
    assert Secret("a-long-enough-id-9849").last_four() == "...9849"
    assert Secret("short").last_four() == "..."
