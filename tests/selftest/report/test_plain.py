"""Any value becomes JSON, and no text keeps anything that acts."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.model.secret import Secret
from kalshi_preflight.report.plain import TEXT_LIMIT, plain_text, plain_value

pytestmark = pytest.mark.selftest

ACTING = "\x00\x07\x08\x1b\x7f\x85\x9b\xad\u061c\u200b\u200e\u200f\u2028\u202e"
ACTING += "\u2066\u2069\ufeff\ud800\udfff\U000e0041"


class Colour(Enum):
    """An enum that is no string."""

    RED = ("red", 1)


@dataclass
class Point:
    """A dataclass with a member that is none of JSON's."""

    x: float
    where: PurePosixPath


class Silent:
    """An object whose text would be a secret or a bomb."""

    def __str__(self) -> str:
        raise RuntimeError("asked to speak")

    __repr__ = __str__


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (1.5, 1.5),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (2**53, "0x20000000000000"),
        ("two\r\nlines\tand a tab", "two lines and a tab"),
        ("\x1b[1;31mred\x1b[0m \x9b2Jgone", "red gone"),
        (b"caf\xc3\xa9 \xff", "café \\xff"),
        (bytearray(b"bytes"), "bytes"),
        (Colour.RED, ["red", 1]),
        (("a", ["b"]), ["a", ["b"]]),
        ({"b", "a"}, ["a", "b"]),
        (datetime(2026, 11, 21, 22, 0, tzinfo=UTC), "2026-11-21T22:00:00.000Z"),
        (datetime(2026, 11, 21, 22, 0), "2026-11-21T22:00:00"),  # noqa: DTZ001
        (timedelta(seconds=90), "90.0 s"),
        (PurePosixPath("/etc/hosts"), "/etc/hosts"),
        (ip_address("2001:db8::1"), "2001:db8::1"),
        (Point(1.0, PurePosixPath("a")), {"x": 1.0, "where": "a"}),
        (ValueError("no", 3), "ValueError: no, 3"),
        (Secret("a-secret-value"), "[redacted]"),
        (Silent(), "<Silent>"),
        ({1: {None: "x"}}, {"1": {"None": "x"}}),
    ],
)
def test_each_kind_of_value_has_its_plain_form(value: Any, plain: Any) -> None:
    """Every kind of value that evidence may hold has one form in JSON."""
    assert plain_value(value) == plain


def test_a_value_that_holds_itself_ends() -> None:
    """Nesting is cut, even where it would never end."""
    ring: dict[str, Any] = {}
    ring["ring"] = [ring]
    assert json.dumps(plain_value(ring)).count("ring") < 10


def test_a_huge_value_is_cut_and_says_so() -> None:
    """A megabyte of text and a million members stay short, and tell what was cut."""
    assert plain_text("A" * 1_000_000).endswith(" ... [cut, 1000000 characters]")
    assert len(plain_text("A" * 1_000_000)) == TEXT_LIMIT
    assert plain_value(list(range(100_000)))[-1] == "... [cut, 100000 members]"
    assert len(plain_value(10**6000)) == TEXT_LIMIT


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary()
    | st.text(st.characters(exclude_categories=())) | st.datetimes() | st.uuids(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)  # fmt: skip


@given(_ANYTHING)
def test_any_value_survives_strict_json(value: Any) -> None:
    """Whatever goes in, strict JSON in UTF-8 comes out, and back."""
    plain = plain_value(value)
    text = json.dumps(plain, allow_nan=False, ensure_ascii=False)
    assert json.loads(text.encode()) == plain


@given(st.text(st.sampled_from(ACTING + "ab[m;1\n")))
def test_no_text_keeps_what_acts(text: str) -> None:
    """No control, format, direction or surrogate character is left in any text."""
    assert not set(plain_text(text)) & set(ACTING + "\n")
