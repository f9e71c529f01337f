"""Templates: prose shows a stranger's words, commands cannot be made to do more."""

import shutil
import subprocess

import pytest

from kalshi_preflight.causes.rendering import commands, prose
from kalshi_preflight.model.cause import Commands

pytestmark = pytest.mark.selftest

HOSTILE = ["a'b", "$(touch x)", "`id`", "a b", "a;b", 'a"b', "$HOME", "a\nb", "", "%p"]


def test_prose_shows_the_particulars() -> None:
    """Names are filled in, lists by their members, and none as a word."""
    assert prose("{a} of {b}; {c}", {"a": 1, "b": ["x", "y"], "c": []}) == (
        "1 of x, y; none"
    )


def test_a_missing_particular_is_an_error() -> None:
    """A row that names what its rule does not give is found at once."""
    with pytest.raises(KeyError):
        prose("{never}", {})


@pytest.mark.parametrize("value", HOSTILE)
def test_a_posix_command_gets_the_value_and_nothing_else(value: str) -> None:
    """A real shell hands the very value over as one word, whatever stands in it."""
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("there is no POSIX shell here")
    (line,) = commands(Commands(posix=("printf %s {v}",)), {"v": value}).posix
    done = subprocess.run([shell, "-c", line], capture_output=True, check=True)
    assert done.stdout.decode() == value


@pytest.mark.parametrize("value", [v for v in HOSTILE if v])
def test_a_powershell_value_is_one_literal_string(value: str) -> None:
    """Single quotes keep everything literal but themselves, which are doubled."""
    (line,) = commands(Commands(powershell=("echo {v}",)), {"v": value}).powershell
    shown = line.removeprefix("echo ")
    if shown != value:
        assert shown[0] == shown[-1] == "'"
        assert shown[1:-1].replace("''", "'") == value


def test_a_comment_stays_one_line() -> None:
    """What a person reads behind ``#`` cannot end the comment and begin a command."""
    (line,) = commands(Commands(posix=("# see {v}",)), {"v": "x\nrm -rf /"}).posix
    assert line == "# see x rm -rf /"


def test_plain_words_are_not_quoted() -> None:
    """A host, an address, a path stay as people write them."""
    template = Commands(posix=("dig {h} @{a}",))
    (line,) = commands(template, {"h": "api.kalshi.com", "a": "1.1.1.1"}).posix
    assert line == "dig api.kalshi.com @1.1.1.1"
