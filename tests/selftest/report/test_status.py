"""The status report: fit for a ticket, whatever a server says."""

import re
from typing import Any

import pytest

from kalshi_preflight.report.status import status_text
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    broken,
    healthy,
    hostile,
    hostile_hint,
    made,
)

pytestmark = pytest.mark.selftest

_NOTHING: dict[str, Any] = {
    "seconds": 1.5,
    "tokens": 30,
    "polling": None,
    "budget": None,
    "streaming": None,
    "readiness": None,
    "not_measured": {},
}


def told(document: Any, **changes: Any) -> str:
    """The report on a document whose environments were to be measured."""
    for environment in document["environments"]:
        environment["measurements"] = {**_NOTHING, **changes}
    text = status_text(document, vantage="office")
    assert text is not None
    return text


def test_nothing_measured_is_no_report() -> None:
    """A run that was not asked for capabilities leaves no status report."""
    assert status_text(made(healthy()), vantage="office") is None


def test_it_says_when_where_and_what() -> None:
    """Time, vantage, version and verdict stand in it, and one row a way."""
    text = told(made(healthy()))
    for part in ("2026-11-21T22:00:00.000Z", "office", "## production: reachable"):
        assert part in text
    rows = re.findall(r"^\| (.+?) \| (YES|NO|UNKNOWN) \|", text, re.MULTILINE)
    assert [name for name, _ in rows] == [
        "WebSocket data",
        "REST polling data",
        "REST orders",
        "FIX orders",
    ]


def test_a_closed_way_brings_its_remedy() -> None:
    """The cause that closes ways is told once, with both shells' commands."""
    text = told(made(broken(DNS_FAILURE)))
    heading = f"### {DNS_FAILURE.id} "
    assert text.count(heading) == 1
    after = text.split(heading)[1]
    assert "(PowerShell):" in after
    assert "(sh):" in after
    assert "```" in after


def test_what_was_not_measured_says_why() -> None:
    """A part without numbers stands there with its reason."""
    text = told(made(healthy()), not_measured={"streaming": "blocked by dns-refused"})
    assert "Not measured: streaming (blocked by dns-refused)." in text


def test_servers_cannot_write_into_a_ticket() -> None:
    """Words of a server make no markup, no link, no mention and no cell."""
    text = told(made(hostile(), hints=hostile_hint))
    prose = re.sub(r"^(`{3,})\n.*?\n\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"<\w", prose)
    assert "@" not in prose
    assert "://" not in prose
    rows = [line for line in prose.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} <= {4, 5}


def test_a_fence_holds_whatever_is_in_it() -> None:
    """Commands with backticks cannot end the block that they stand in."""
    document = made(broken(DNS_FAILURE))
    hint = document["environments"][0]["root_cause"]["hint"]
    hint["fix"]["posix"] = ["echo ````", "# end"]
    text = told(document)
    assert "\n`````\necho ````\n# end\n`````\n" in text


def test_every_mark_is_taken_off_its_meaning() -> None:
    """Bars, brackets, backticks, tags, links and mentions are shown as they are."""
    document = made(broken(DNS_FAILURE))
    root = document["environments"][0]["root_cause"]
    root["summary"] = "a|b @all <img> `x` [l](https://e.example) *b* &amp;"
    text = told(document)
    shown = (
        r"a\|b &#64;all &lt;img&gt; \`x\` \[l\](https&#58;//e.example) \*b\* &amp;amp;"
    )
    assert shown in text
    assert root["summary"] not in text
