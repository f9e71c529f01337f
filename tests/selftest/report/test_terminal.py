"""The terminal shows the verdict in lines that fit, in ASCII, and nothing that acts."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalshi_preflight.model.cause import Commands, Hint
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.report.redact import MASK, Redactor
from kalshi_preflight.report.terminal import (
    Shell,
    failure_text,
    tally_line,
    verdict_block,
)
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    EXPIRED,
    HINTS,
    REST,
    SCENES,
    broken,
    catalogue,
    cause,
    degraded,
    healthy,
    hostile_hint,
    made,
)

pytestmark = pytest.mark.selftest

POSIX: Shell = "posix"
POWERSHELL: Shell = "powershell"
SGR = re.compile(r"\x1b\[[0-9;]+m")


def blocks(scene: str, **wishes: Any) -> str:
    """The blocks of all environments of a scene, one below the other."""
    hints = hostile_hint if scene == "hostile" else catalogue
    told: dict[str, Any] = {"width": 80, "shell": "posix", "colour": False, **wishes}
    environments = made(*SCENES[scene], hints=hints)["environments"]
    return "\n".join(verdict_block(e, **told) for e in environments)


def copied(document: Any, shell: str) -> set[str]:
    """What a reader copies: commands and links, which are never broken."""
    found = set()
    for environment in document["environments"]:
        for told in (environment["root_cause"], *environment["other_causes"]):
            hint = (told or {}).get("hint") or {}
            for part in ("check", "fix"):
                found |= set(hint.get(part, {}).get(shell, ()))
            found.add(hint.get("more") or "")
    return found


@pytest.mark.parametrize("shell", ["powershell", "posix"])
@pytest.mark.parametrize("width", [40, 80, 132])
@pytest.mark.parametrize("scene", [s for s in SCENES if s != "hostile"])
def test_every_line_fits(scene: str, width: int, shell: Shell) -> None:
    """No line is longer than the terminal is wide, but for what is to be copied."""
    uncut = copied(made(*SCENES[scene]), shell)
    for line in blocks(scene, width=width, shell=shell).splitlines():
        assert len(line) <= width or any(c and line.endswith(c) for c in uncut)


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("scene", SCENES)
def test_only_ascii_and_our_own_colours(scene: str, colour: bool) -> None:
    """Any console can print it; escapes are ours alone, and there only if asked for."""
    block = blocks(scene, colour=colour)
    plain = SGR.sub("", block) if colour else block
    assert plain.isascii()
    assert plain.replace("\n", "").isprintable()
    assert plain == blocks(scene)


def test_commands_are_whole_and_alone_on_their_lines() -> None:
    """A command longer than the line is not wrapped: copied, it works."""
    lines = blocks("expired certificate", width=40).splitlines()
    assert f"    {HINTS['tls-certificate-expired'].check.posix[0]}" in lines


def test_the_shell_decides_which_commands_are_shown() -> None:
    """PowerShell users read PowerShell, others their own shell."""
    assert "Resolve-DnsName" in blocks("dns failure", shell=POWERSHELL)
    assert "Resolve-DnsName" not in blocks("dns failure", shell=POSIX)
    assert "dig @9.9.9.9" in blocks("dns failure", shell=POSIX)


def test_the_block_tells_the_whole_story() -> None:
    """Verdict, ladder, root cause, remedy and all else that was found are there."""
    block = blocks("expired certificate")
    for told in (
        "== production: UNREACHABLE ==",
        "rest  api.elections.kalshi.com:443",
        "    dns        ok        1.9 ms  104.18.2.33, 104.18.3.33",
        "    tls        BROKEN   19.0 ms  tls-certificate-expired",
        "    http       blocked by tls-certificate-expired",
        "ROOT CAUSE  tls-certificate-expired (blame: exchange)",
        "  Why    The exchange serves",
        "  Check (shell)",
        "    # Wait for the exchange; its status page tells when.",
    ):
        assert told in block
    others = blocks("degraded")
    assert "ALSO FOUND\n  warning  clock-skewed (rest, local): This machine's" in others
    assert "           fix: sudo timedatectl set-ntp true" in others
    assert "WARNED   26.0 ms  clock-skewed" in others
    assert "fix        skipped           not tried: --fix-logon" in blocks("healthy")


def test_a_hostile_server_cannot_forge_the_last_line_or_a_ci_command() -> None:
    """No line begins like our verdict, and none is a command to a CI runner."""
    lines = blocks("hostile").splitlines()
    assert not [line for line in lines if line.startswith("PREFLIGHT")]
    assert not [line for line in lines if re.match(r"\s*::\w[^:]*::", line)]


def test_letters_outside_ascii_are_named_in_commands() -> None:
    """A path with an umlaut shows its number, and a remark says why."""
    hint = Hint(why="x", fix=Commands(posix=("cat /home/j\u00f6rg/key.pem",)))
    said = failure_text("demo", REST, DNS_FAILURE, hint, width=80, shell=POSIX)
    assert "cat /home/j\\xf6rg/key.pem\n    # A \\ with a number stands for" in said


_STRANGE: Any = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=200),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
)


@settings(max_examples=60)
@given(st.sampled_from([*made(healthy())["environments"][0]]), _STRANGE)
def test_a_strange_document_is_still_shown(key: str, value: Any) -> None:
    """Whatever stands in a document, its block is drawn, fits and is ASCII."""
    environment = made(degraded())["environments"][0] | {key: value}
    block = verdict_block(environment, width=80, shell=POSIX, colour=False)
    assert block.isascii()
    assert max(len(line) for line in block.splitlines()) <= 80


def test_a_failed_test_reads_like_a_diagnosis() -> None:
    """Environment, endpoint, layer and id come first, then the remedy, no traceback."""
    hint = HINTS["dns-name-not-found"]
    said = failure_text(
        "production", REST, DNS_FAILURE, hint, width=80, shell=POWERSHELL
    )
    first, *_ = said.splitlines()
    assert first == "production / rest / dns: dns-name-not-found (blame: network)"
    assert "Resolve-DnsName api.elections.kalshi.com -Server 9.9.9.9" in said
    assert failure_text("demo", "rest", EXPIRED, None, width=80, shell=POSIX)


def test_a_failure_is_brief_where_the_verdict_follows() -> None:
    """With the question it is place, question and finding; the remedy is elsewhere."""
    hint = HINTS["dns-name-not-found"]
    said = failure_text(
        "demo", REST, DNS_FAILURE, hint, width=80, shell=POSIX, asked="Is it there?"
    )
    assert said.splitlines() == [
        "demo / rest / dns: dns-name-not-found (blame: network)",
        "  Asked  Is it there?",
        "  Found  The resolver 192.168.1.1 says that api.elections.kalshi.com does not",
        "         exist (NXDOMAIN), and a second resolver (9.9.9.9) says so, too.",
        "  Fix    see ROOT CAUSE, below",
    ]


def test_a_secret_does_not_straddle_two_lines() -> None:
    """Secrets are masked before lines are broken, so that no half stays behind."""
    secret = "k" * 5 + " " + "q" * 5 + " " + "z" * 5
    told = cause("key-not-pem", DNS_FAILURE.layer, summary=f"{'word ' * 13}{secret}")
    redact = Redactor([Secret(secret)]).value
    said = failure_text("demo", REST, told, None, width=80, shell=POSIX, redact=redact)
    assert MASK in said
    assert "kkkkk" not in said
    assert "zzzzz" not in said


def test_the_tally_counts_what_the_document_counts() -> None:
    """Counts and time in one line, whatever the document lacks."""
    line = tally_line(made(broken(DNS_FAILURE)))
    assert line == "31 passed, 0 failed, 0 blocked, 2 skipped in 412 ms"
    assert tally_line({}) == "0 passed, 0 failed, 0 blocked, 0 skipped in -"
