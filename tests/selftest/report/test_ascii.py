"""Any text becomes lines of ASCII that fit and that no machine obeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.report.ascii import (
    ascii_command,
    ascii_text,
    fitted,
    inert,
    wrapped,
)

pytestmark = pytest.mark.selftest


@given(st.text(), st.integers(10, 100))
def test_any_text_fits(text: str, width: int) -> None:
    """Wrapped or cut, a text stays within its width."""
    assert len(fitted(text, width)) <= width
    lines = wrapped(ascii_text(text), width, first="  # ").splitlines()
    assert all(len(line) <= width and line.isascii() for line in lines)


def test_typography_is_spelt_out_in_prose_only() -> None:
    """Dashes and quotes of prose become plain ones; a command is left alone."""
    assert ascii_text("a \u2014 \u201cb\u201d \u2026 \u00e9") == 'a - "b" ... \\xe9'
    assert ascii_command("echo \u2014") == "echo \\u2014"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error file=x::boo", ".:error file=x::boo"),
        ("ok\n   ::add-mask::x", "ok\n   .:add-mask::x"),
        ("see ##[set-output]x", "see .#[set-output]x"),
        ("::1 and 2001:db8::1", "::1 and 2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("a ::notice::b", "a ::notice::b"),
    ],
)
def test_workflow_commands_are_defused(line: str, shown: str) -> None:
    """What a CI runner would obey is changed by one letter; addresses are not."""
    assert inert(line) == shown
