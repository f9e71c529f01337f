"""A hostile server writes text, and nothing but text."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.viewing import unfold, viewed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

HOSTILE = ("hostile-words", "hostile-size", "hostile-names")
#: Our script and pytest-html's.
SCRIPTS = 2
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("scene", HOSTILE)
def test_nothing_of_the_enemy_runs(
    browser: "Browser", report: Callable[[str], Path], scene: str
) -> None:
    """No script is added, none runs, no picture is fetched, no dialog opens."""
    with viewed(browser, report(scene)) as view:
        page = view.page
        page.get_by_role("button", name="Show all details").click()
        unfold(page)
        assert page.evaluate("window.owned") is None
        assert page.locator("script").count() == SCRIPTS
        assert page.locator("img[src^=http], iframe, object").count() == 0
        assert page.evaluate(
            "[...document.querySelectorAll('*')].every((each) =>"
            " each.getAttributeNames().every((name) => !/^on(?!click$)/.test(name)))"
        )
        assert page.title() == "kalshi-preflight"
        assert (view.dialogs, view.errors, len(view.requested)) == ([], [], 1)


@pytest.mark.parametrize("scene", HOSTILE)
def test_the_file_stays_small_and_clean(
    report: Callable[[str], Path], scene: str
) -> None:
    """No control character gets in, and a megabyte of header does not either."""
    text = report(scene).read_text(encoding="utf-8")
    assert not _CONTROLS.search(text)
    assert len(text) < 1_000_000


def test_the_words_are_shown_as_they_are(
    browser: "Browser", report: Callable[[str], Path]
) -> None:
    """What the enemy wrote can be read, so that people see what was tried."""
    for scene in ("hostile-words", "hostile-names"):
        with viewed(browser, report(scene)) as view:
            shown = view.page.locator("body").text_content() or ""
            assert "<script>window.owned=1</script>" in shown


def test_the_verdict_is_not_the_enemys(
    browser: "Browser", report: Callable[[str], Path]
) -> None:
    """A server that says GO does not make the report say it."""
    for scene in ("hostile-words", "hostile-size"):
        with viewed(browser, report(scene)) as view:
            assert "NO-GO" in view.page.locator("h1").inner_text()
