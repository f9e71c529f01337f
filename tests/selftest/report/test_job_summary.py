"""The job summary is Markdown in which nothing that a server said becomes markup."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kalshi_preflight.report.job_summary import (
    LARGEST_BYTES,
    coded,
    fenced,
    job_summary,
    quoted,
)
from kalshi_preflight.report.plain import plain_text
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    EXPIRED,
    HINTS,
    HOSTILE,
    SCENES,
    broken,
    catalogue,
    degraded,
    healthy,
    hostile_hint,
    made,
)

pytestmark = pytest.mark.selftest

#: GitHub's flavour: tables, and addresses that become links by themselves.
MARKDOWN = MarkdownIt("gfm-like")
#: Everything that a summary of ours is made of; anything else came from outside.
OURS = {
    *("text", "softbreak", "fence", "code_inline"),
    *("heading", "paragraph", "strong", "inline"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("bullet_list", "list_item"),
}


def kinds(tokens: list[Token]) -> set[str]:
    """The kinds of everything in a page, opening and closing taken together."""
    found = set()
    for token in tokens:
        found.add(token.type.removesuffix("_open").removesuffix("_close"))
        found |= kinds(token.children or [])
    return found


def shown(tokens: list[Token]) -> str:
    """What a reader sees of inline tokens."""
    return "".join(shown(t.children) if t.children else t.content for t in tokens)


def rows(page: str) -> list[list[str]]:
    """The cells of every row of the tables of a page, as a reader sees them."""
    found: list[list[str]] = []
    tokens = MARKDOWN.parse(page)
    for before, token in pairwise(tokens):
        if token.type == "tr_open":
            found.append([])
        if before.type in ("th_open", "td_open"):
            found[-1].append(shown([token]))
    return found


def fences(page: str) -> list[tuple[str, str]]:
    """The blocks of code: language and text."""
    tokens = MARKDOWN.parse(page)
    return [(t.info, t.content) for t in tokens if t.type == "fence"]


@pytest.mark.parametrize("scene", SCENES)
def test_the_page_is_made_of_our_markup_alone(scene: str) -> None:
    """No link, picture, HTML or rule: what a server said stays text."""
    hints = hostile_hint if scene == "hostile" else catalogue
    page = job_summary(made(*SCENES[scene], hints=hints) | {"vantage": HOSTILE[0]})
    assert kinds(MARKDOWN.parse(page)) <= OURS
    assert len(page.encode()) < 1024 * 1024


def test_the_matrix_has_times_and_causes() -> None:
    """A row a journey, a cell a layer: sign, time, cause; blocked says by what."""
    table = rows(job_summary(made(broken(EXPIRED), degraded())))
    head, *body = table
    assert head[:2] == ["environment", "endpoint"]
    assert len(body) == 6
    assert {len(row) for row in table} == {9}
    rest = dict(zip(head, body[0], strict=True))
    assert rest["environment"] == "production"
    assert rest["dns"] == "\N{CHECK MARK} 1.9 ms"
    assert rest["tls"] == "\N{BALLOT X} 19.0 ms tls-certificate-expired"
    assert rest["http"].endswith("blocked tls-certificate-expired")
    assert rest["websocket"] == "", "the way does not go there"


def test_a_cell_stays_a_cell() -> None:
    """A cause that is called like the border of a table adds no cell."""
    document = made(broken(EXPIRED))
    step = document["environments"][0]["journeys"][0]["steps"][2]
    step["cause"] = "a | b | c"
    table = rows(job_summary(document))
    assert {len(row) for row in table} == {9}
    assert table[1][4].endswith("a | b | c")


def test_commands_are_there_for_both_shells() -> None:
    """Check and fix of the root cause can be copied, for PowerShell and for sh."""
    blocks = fences(job_summary(made(broken(DNS_FAILURE))))
    hint = HINTS["dns-name-not-found"]
    for commands in (hint.check, hint.fix):
        assert ("powershell", "\n".join(commands.powershell) + "\n") in blocks
        assert ("sh", "\n".join(commands.posix) + "\n") in blocks


def test_the_page_begins_with_the_verdict() -> None:
    """The heading is the gate's last line; below it where and when."""
    page = MARKDOWN.parse(job_summary(made(healthy()) | {"vantage": "runner-7"}))
    assert page[0].tag == "h2"
    assert shown([page[1]]) == "PREFLIGHT: GO"
    assert "2026-11-21T22:00:00.000Z, seen from runner-7" in shown([page[4]])


def test_other_causes_are_mentioned_with_a_fix() -> None:
    """A warning is one point of a list, its first remedy below it."""
    page = job_summary(made(degraded()))
    text = shown(MARKDOWN.parse(page))
    assert "warning clock-skewed (rest, local): This machine's clock is 3.1 s" in text
    assert "fix (shell): sudo timedatectl set-ntp true" in text


def test_a_page_too_large_is_cut_between_sections() -> None:
    """GitHub drops a summary over its limit whole, so ours ends before it."""
    many = [broken(DNS_FAILURE, f"lab{number}") for number in range(900)]
    page = job_summary(made(*many))
    assert len(page.encode()) <= LARGEST_BYTES + 200
    assert "The rest was cut" in page
    assert kinds(MARKDOWN.parse(page)) <= OURS | {"em"}


@given(st.text())
def test_quoted_text_is_shown_as_it_is(text: str) -> None:
    """Any text in a paragraph or a cell is read as itself, and is text alone."""
    told = quoted(text)
    tokens = MARKDOWN.parse(f"| a |\n| --- |\n| x{told} |\n\nx{told}\n")
    assert kinds(tokens) <= OURS
    for inline in (t for t in tokens[4:] if t.type == "inline"):
        assert shown([inline]).rstrip() in ("a", f"x{plain_text(text).strip()}")


@given(st.text(alphabet="`~ab \n", max_size=30))
def test_code_ends_where_we_end_it(text: str) -> None:
    """No run of backticks in a command closes its block or its span."""
    (block, after) = MARKDOWN.parse(f"{fenced([text], 'sh')}\n\nafter\n")[0:2]
    assert block.type == "fence"
    assert block.content == plain_text(text) + "\n"
    assert after.type == "paragraph_open"
    span: Any = MARKDOWN.parse(f"x {coded(text)} x")[1].children
    told = plain_text(text).strip()
    assert [t.content for t in span if t.type == "code_inline"] == [told][: bool(told)]
