"""Which environment KALSHI_ENV names."""

import pytest

from kalshi_preflight.settings import trading_environment
from tests.selftest.settings.files import NO_DOTENV

pytestmark = pytest.mark.selftest


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("production", "production"),
        ("prod", "production"),
        ("live", "production"),
        ("demo", "demo"),
        ("sandbox", "sandbox"),
        ("mylab", "mylab"),
        ("", None),
        ("  ", None),
    ],
)
def test_known_spelling(value: str, name: str | None) -> None:
    """A known spelling names its environment; an empty one names none."""
    found = trading_environment(
        ["mylab"], variables={"KALSHI_ENV": value}, dotenv=NO_DOTENV
    )
    assert (found.name, found.remark) == (name, None)


@pytest.mark.parametrize(
    ("value", "name", "reason"),
    [
        ("Production", "production", "spelling"),
        ("demo ", "demo", "spelling"),
        ("test", None, "unknown"),
        ("prodution", None, "unknown"),
    ],
)
def test_other_spelling_is_remarked(value: str, name: str | None, reason: str) -> None:
    """What programs read differently, or not at all, is said with its value."""
    found = trading_environment([], variables={"KALSHI_ENV": value}, dotenv=NO_DOTENV)
    assert found.name == name
    assert found.remark is not None
    assert found.remark.cause == "config-environment-mismatch"
    assert found.remark.particulars["value"] == value
    assert found.remark.particulars["reason"] == reason


def test_near_miss_is_suggested() -> None:
    """A mistyped name comes with the one that was meant."""
    variables = {"KALSHI_ENV": "prodution"}
    found = trading_environment([], variables=variables, dotenv=NO_DOTENV)
    assert found.remark is not None
    assert "production" in str(found.remark.particulars["suggestion"])
