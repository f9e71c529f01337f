"""What a run says to GitHub's runner, and what nobody can make it say."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kalshi_preflight.report.ascii import ascii_text
from kalshi_preflight.report.github import (
    MOST_OF_A_KIND,
    annotations,
    resuming,
    stopping,
    workflow_command,
)
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    SCENES,
    broken,
    catalogue,
    degraded,
    healthy,
    hostile_hint,
    made,
)

pytestmark = pytest.mark.selftest

# As a runner reads it: name, properties up to the next colons, the rest of the line.
COMMAND = re.compile(r"^::(?P<name>[a-z-]+) (?P<properties>.*?)::(?P<message>.*)$")
_ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def unescaped(text: str) -> str:
    """What a runner makes of a text: the percent sign last, as it does."""
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as a runner understands it."""
    match = COMMAND.match(line)
    assert match, line
    pairs = [pair.split("=", 1) for pair in match["properties"].split(",")]
    properties = {key: unescaped(value) for key, value in pairs}
    return match["name"], properties, unescaped(match["message"])


def test_a_root_cause_is_an_error_with_its_remedy() -> None:
    """The annotation has the environment, the id, the blame and what to type."""
    (line,) = annotations(made(broken(DNS_FAILURE)), "posix")
    name, properties, message = read(line)
    assert name == "error"
    title = "production: dns-name-not-found (blame: network)"
    assert properties == {"title": title}
    assert "NXDOMAIN" in message
    assert "\nexport KALSHI_BASE_URL=https://external-api.kalshi.com" in message
    (windows,) = annotations(made(broken(DNS_FAILURE)), "powershell")
    assert "$env:KALSHI_BASE_URL" in read(windows)[2]


def test_warnings_warn_and_notes_are_silent() -> None:
    """A degraded environment has a warning and an error, a healthy one nothing."""
    kinds = [read(line)[0] for line in annotations(made(degraded()), "posix")]
    assert kinds == ["error", "warning"]
    assert annotations(made(healthy()), "posix") == []


def test_a_no_go_without_a_cause_is_said() -> None:
    """What the gate alone refuses is an error as well."""
    document = made(healthy(), gate_reason="layer-not-proved")
    (line,) = annotations(document, "posix")
    assert read(line) == ("error", {"title": "preflight"}, "NO-GO layer-not-proved")
    assert "NO-GO nothing-surveyed" in annotations(made(), "posix")[0]


def test_the_gravest_come_first() -> None:
    """A runner shows ten of a kind; root causes are among them."""
    many = [degraded(f"lab{number}") for number in range(12)]
    lines = annotations(made(*many, broken(DNS_FAILURE)), "posix")
    assert len(lines) == 2 * MOST_OF_A_KIND
    assert "dns-name-not-found" in lines[0]


@pytest.mark.parametrize("scene", SCENES)
def test_one_line_one_command(scene: str) -> None:
    """Whatever a server says, each annotation is one line of ASCII that is ours."""
    hints = hostile_hint if scene == "hostile" else catalogue
    for line in annotations(made(*SCENES[scene], hints=hints), "posix"):
        assert line.isascii()
        assert line.isprintable()
        assert read(line)[0] in ("error", "warning")
        assert len(line) < 64_000


_ENDINGS = st.text(alphabet=":,%\r\n0DA=x", max_size=20) | st.text()


@given(_ENDINGS, _ENDINGS)
@example(title="a::b,c=%0A%3A", message="a%0Ab\r\n::error::c%25")
def test_nothing_in_a_text_ends_its_command(title: str, message: str) -> None:
    """A command read back has the message that was meant, and one property."""
    line = workflow_command("error", message, title=title)
    assert not set(line) & set("\r\n")
    name, properties, told = read_any(line)
    assert (name, told) == ("error", message)
    assert properties == {"title": ascii_text(title)}


def read_any(line: str) -> tuple[str, dict[str, str], str]:
    """The same for texts in which a dot stands for no line break (U+2028 and such)."""
    head, _, message = line.removeprefix("::").partition("::")
    name, _, told = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in told.split(",")]
    properties: dict[str, Any] = {pair[0]: unescaped(pair[1]) for pair in pairs}
    return name, properties, unescaped(message)


def test_commands_are_stopped_until_the_token() -> None:
    """The documented pair of lines around everything that others may print."""
    assert stopping("t0k3n") == "::stop-commands::t0k3n"
    assert resuming("t0k3n") == "::t0k3n::"
