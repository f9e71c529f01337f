"""pytest-html's page, arranged: our fragment on top, the tests, then its own header.

pytest-html puts its title and its table of the environment first and offers no hook for
another order. Its page is therefore rewritten once it stands, by the landmarks of its
template; what is not found stays where it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kalshi_preflight.report.html import BEGIN, END, templates

_TITLE = re.compile(
    r'<h1 id="title">(.*?)</h1>\s*(<p>Report generated.*?</p>)', re.DOTALL
)
_ENVIRONMENT = re.compile(
    r'<div id="environment-header">.*?</div>\s*<table id="environment"></table>',
    re.DOTALL,
)
_FILTER = re.compile(
    r'(<input [^>]*class="filter"[^>]*>)\s*(<span class="\w+">[^<]*</span>)'
)
#: Small things that make the page usable without a mouse, and for screen readers.
_REPAIRS = (
    ("<html>", '<html lang="en">'),
    ('<div class="logwrapper">', '<div class="logwrapper" tabindex="0">'),
    (
        '<div class="logexpander"></div>',
        '<div class="logexpander" role="button" tabindex="0"'
        ' aria-label="expand or collapse the log"></div>',
    ),
    ('<img src="" />', '<img alt="" />'),
    ("<h2>Summary</h2>", "<h2>Tests</h2>"),
    # What was skipped says why in its row; only failures have more to tell.
    (
        "&#34;renderCollapsed&#34;: [&#34;passed&#34;]",
        "&#34;renderCollapsed&#34;: [&#34;passed&#34;, &#34;skipped&#34;]",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One test, for readers without JavaScript; all texts are untrusted."""

    outcome: str
    question: str
    name: str
    remark: str


def arranged(page: str, tests: Iterable[Asked] = ()) -> str:
    """The page with our fragment first; unchanged if our fragment is not in it."""
    before, found, rest = page.partition(BEGIN)
    fragment, ended, after = rest.partition(END)
    if not found or not ended:
        return page
    page = before + after
    for old, new in _REPAIRS:
        page = page.replace(old, new, 1)
    page = _FILTER.sub(r"<label>\1 \2</label>", page)
    page, about = _cut(page, _TITLE)
    page, environment = _cut(page, _ENVIRONMENT)
    told = _TITLE.sub(r"\2", about)
    page = page.replace("<body>", f'<body>\n{fragment}\n<section class="tests">', 1)
    table = _tests_html(tests)
    foot = f'{table}</section>\n<section class="about">{environment}{told}</section>\n'
    return page.replace("<footer>", f"{foot}<footer>", 1)


def _cut(page: str, part: re.Pattern[str]) -> tuple[str, str]:
    """The page without a part, and the part."""
    found = part.search(page)
    if found is None:
        return page, ""
    return page[: found.start()] + page[found.end() :], found.group()


def _tests_html(tests: Iterable[Asked]) -> str:
    """The tests as a table that needs no JavaScript."""
    template = templates().get_template("tests.html.j2")
    return template.render(tests=list(tests))
