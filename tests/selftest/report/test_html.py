"""The HTML stands by itself, escapes everything, and can be read by everybody."""

import re
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest

from kalshi_preflight.report.html import SIGNS, link, remedies, summary_html
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    HINTS,
    SCENES,
    broken,
    catalogue,
    degraded,
    healthy,
    hostile,
    hostile_hint,
    made,
)

pytestmark = pytest.mark.selftest

#: Elements that have no end tag.
VOID = {"meta"}
SCRIPTLESS = re.compile(r"<script>.*?</script>", re.DOTALL)


class Reader(HTMLParser):
    """Collects elements, attributes and text, and checks that all tags match."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element that ends itself."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Demand that the innermost element ends."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Remember text that is shown."""
        if self._open and self._open[-1] not in ("style", "script"):
            self.text += data


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_sound_markup_without_network(scene: str) -> None:
    """Tags match, nothing is fetched, and no element has an id to clash with."""
    hints = hostile_hint if scene == "hostile" else catalogue
    markup = summary_html(made(*SCENES[scene], hints=hints))
    for tag, attributes in Reader(markup).elements:
        assert tag not in ("img", "link", "iframe", "object", "image", "use")
        assert not {"src", "srcset", "id", "style"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in markup
    assert "@import" not in markup


def test_a_hostile_server_writes_only_text() -> None:
    """Markup and templates of a server are shown as they are and do nothing."""
    markup = summary_html(made(hostile(), hints=hostile_hint))
    reader = Reader(markup)
    assert [tag for tag, _ in reader.elements].count("script") == 1
    assert "<script>alert(1)</script>" in reader.text
    assert "{{ 7*7 }}" in reader.text
    assert not [a for tag, a in reader.elements if tag == "a"]
    assert not {"\x1b", "\u202e", "\x9b"} & set(markup)


def test_without_script_everything_is_there() -> None:
    """Verdict, cause, both shells' commands and times are in the markup itself."""
    markup = SCRIPTLESS.sub("", summary_html(made(broken(DNS_FAILURE), degraded())))
    text = Reader(markup).text
    hint = HINTS["dns-name-not-found"]
    for told in (
        "PREFLIGHT: NO-GO dns-name-not-found",
        "31 passed, 0 failed",
        DNS_FAILURE.summary,
        hint.why,
        *hint.check.powershell,
        *hint.fix.posix,
        "clock-skewed",
        "26.0 ms",
        "market data (REST): no",
    ):
        assert told in text
    assert "<button" not in markup


def test_colour_is_never_the_only_sign() -> None:
    """Each cell of the matrix names its status in words and has a sign."""
    markup = summary_html(made(broken(DNS_FAILURE), degraded()))
    cells = re.findall(r'<td class="(\w+)">(.*?)</td>', markup, re.DOTALL)
    shown = {status for status, _ in cells if status in SIGNS}
    assert shown == {"ok", "warned", "broken", "blocked"}
    for status, cell in cells:
        if status in SIGNS:
            assert status in cell
            assert SIGNS[status] in cell


def test_the_cause_that_decided_stands_at_the_top() -> None:
    """Right after the verdict comes the root cause, once, with fix before check."""
    text = Reader(summary_html(made(degraded(), broken(DNS_FAILURE)))).text
    verdict = text.index("PREFLIGHT: NO-GO dns-name-not-found")
    why = text.index(HINTS["dns-name-not-found"].why)
    assert verdict < why < text.index("Environments and layers")
    assert text.count(HINTS["dns-name-not-found"].why) == 1
    assert text.index("KALSHI_BASE_URL", why) < text.index("Resolve-DnsName", why)


def test_after_a_go_the_gravest_finding_is_told_first() -> None:
    """A GO with something to know says it at the top, with its remedy."""
    text = Reader(summary_html(made(healthy()))).text
    told = text.index("Worth knowing")
    assert text.index("PREFLIGHT: GO") < told < text.index("suppress_origin=True", told)
    assert "Environments and layers" in text[told:]


def test_a_no_go_without_a_cause_says_why_in_words() -> None:
    """Nothing surveyed is explained, though no cause stands behind it."""
    text = Reader(summary_html(made())).text
    assert "No environment was surveyed. That is never a GO." in text


def test_the_vantage_is_named_where_there_is_one() -> None:
    """The line below the verdict says where the run looked from."""
    whole = made(healthy())
    assert "from trading-desk" not in Reader(summary_html(whole)).text
    told = Reader(summary_html({**whole, "vantage": "trading-desk"})).text
    assert "from trading-desk" in told


def test_commands_come_for_the_readers_shell_first_and_never_twice() -> None:
    """The machine's own shell leads; what is the same in both is told once."""
    commands = {"powershell": ["Get-It"], "posix": ["get it"]}
    told = [name for name, _ in remedies(commands, ("posix", "powershell"))]
    assert told == ["POSIX shell", "PowerShell"]
    same = {"powershell": ["# wait"], "posix": ["# wait"]}
    assert remedies(same, ("posix", "powershell")) == [("any shell", ["# wait"])]
    assert remedies({"powershell": [], "posix": []}, ("posix", "powershell")) == []


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://docs.kalshi.com/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        (" https://x", False),
    ],
)
def test_only_web_pages_are_linked(address: str, followed: bool) -> None:
    """A link leads to a page of the web or is no link."""
    assert link(address) == (address if followed else None)


def _palettes() -> dict[str, dict[str, str]]:
    sheet = resources.files("kalshi_preflight.report") / "templates" / "preflight.css"
    light, dark = sheet.read_text(encoding="utf-8").split("@media", 1)
    palettes = {}
    for name, rules in (("light", light), ("dark", dark)):
        palettes[name] = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", rules))
    return palettes


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "papers"),
    [
        ("ink", ("paper", "card", "good-paper", "warn-paper", "bad-paper")),
        ("quiet", ("paper", "card")),
        ("accent", ("paper", "card")),
        ("good", ("paper", "good-paper")),
        ("warn", ("paper", "card", "warn-paper")),
        ("bad", ("paper", "card", "bad-paper")),
    ],
)
def test_contrast_is_aa(scheme: str, ink: str, papers: tuple[str, ...]) -> None:
    """Every text has a contrast of at least 4.5 to 1 on every paper it stands on."""
    palette: dict[str, Any] = _palettes()[scheme]
    for paper in papers:
        dim, bright = sorted((_luminance(palette[ink]), _luminance(palette[paper])))
        assert (bright + 0.05) / (dim + 0.05) >= 4.5
