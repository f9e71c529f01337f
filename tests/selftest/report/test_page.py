"""pytest-html's page, arranged: its template is the one that is installed."""

import pytest
from jinja2 import Environment, PackageLoader

from kalshi_preflight.report.html import BEGIN, END
from kalshi_preflight.report.page import Asked, arranged

pytestmark = pytest.mark.selftest

FRAGMENT = "<main>ours</main>"


@pytest.fixture
def page() -> str:
    """A page of the installed pytest-html with our fragment where it puts it."""
    environment = Environment(
        loader=PackageLoader("pytest_html", "resources"), autoescape=True
    )
    template = environment.get_template("index.jinja2")
    return template.render(
        title="kalshi-preflight",
        self_contained=True,
        styles="",
        outcomes={"passed": {"value": 1, "label": "Passed"}},
        test_data='{"renderCollapsed": ["passed"]}',
        additional_summary={"prefix": [f"{BEGIN}{FRAGMENT}{END}"]},
        table_head=["<th>Result</th>"],
        running_state="finished",
    )


def test_our_fragment_comes_first(page: str) -> None:
    """Fragment, tests, environment, script: in this order, and each once."""
    made = arranged(page)
    order = [
        "<body>",
        FRAGMENT,
        "<h2>Tests</h2>",
        '<table id="results-table">',
        '<div id="environment-header">',
        "Report generated",
        '<div id="data-container"',
    ]
    places = [made.index(landmark) for landmark in order]
    assert places == sorted(places)
    assert all(made.count(landmark) == 1 for landmark in order)
    assert "<h1" not in made


def test_everything_that_pytest_htmls_script_looks_for_is_there(page: str) -> None:
    """Every id of the page is still in it, once."""
    import re

    ids = re.findall(r' id="([^"]+)"', page.split("<script>", maxsplit=1)[0])
    made = arranged(page)
    for each in set(ids) - {"title"}:
        assert made.count(f'id="{each}"') == page.count(f'id="{each}"')


def test_the_page_can_be_used_without_a_mouse(page: str) -> None:
    """It has a language, filters have labels, and what scrolls can be reached."""
    made = arranged(page)
    assert '<html lang="en">' in made
    assert made.count("<label>") == page.count('type="checkbox"') == 1
    assert '<div class="logwrapper" tabindex="0">' in made
    assert "[&#34;passed&#34;, &#34;skipped&#34;]" in made


def test_tests_are_told_without_a_script_and_escaped(page: str) -> None:
    """A name from an enemy is text."""
    enemy = "<script>alert(1)</script>"
    told = arranged(
        page, [Asked(outcome="failed", question=enemy, name=enemy, remark=enemy)]
    )
    table = told[told.index("<noscript>") : told.index("</noscript>")]
    assert enemy not in table
    assert table.count("&lt;script&gt;") == 3


@pytest.mark.parametrize("strange", ["", "<html></html>", f"<body>{BEGIN}cut off"])
def test_a_page_without_our_fragment_stays_as_it_is(strange: str) -> None:
    """What is not understood is not touched."""
    assert arranged(strange) == strange
