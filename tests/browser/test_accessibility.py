"""Every report can be read by everybody: axe-core finds nothing that matters."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.scenes import SCENES
from tests.browser.viewing import SCHEMES, SCREENSHOTS, WIDTHS, Scheme, unfold, viewed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_read_it(
    browser: "Browser",
    report: Callable[[str], Path],
    scene: str,
    scheme: Scheme,
    width: int,
) -> None:
    """Nothing is wider than the screen, and axe-core has no grave objection.

    A picture is kept of each; axe-core sees everything unfolded.
    """
    from axe_playwright_python.sync_playwright import Axe

    with viewed(browser, report(scene), width=width, scheme=scheme) as view:
        picture = SCREENSHOTS / f"{scene}-{scheme}-{width}.png"
        view.page.screenshot(path=picture, full_page=True)
        needed = view.page.evaluate("document.documentElement.scrollWidth")
        unfold(view.page)
        found = Axe().run(view.page).response
    assert needed <= width
    assert found["passes"] or found["violations"]
    grave = {
        each["id"]: [node["html"][:200] for node in each["nodes"][:3]]
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    }
    assert grave == {}


def test_axe_sees_what_is_wrong(browser: "Browser", tmp_path: Path) -> None:
    """The judge is awake: a page with a nameless picture and pale text fails."""
    from axe_playwright_python.sync_playwright import Axe

    bad = tmp_path / "bad.html"
    markup = '<html><body><img src=""><p style="color:#ccc">pale</p></body></html>'
    bad.write_text(markup, encoding="utf-8")
    with viewed(browser, bad) as view:
        found = Axe().run(view.page).response["violations"]
    assert {"image-alt", "color-contrast"} <= {each["id"] for each in found}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_keys_alone_are_enough(
    browser: "Browser", report: Callable[[str], Path], scheme: Scheme
) -> None:
    """Tab reaches the first copy button, and Enter presses it."""
    with viewed(browser, report("dns-failure"), scheme=scheme) as view:
        view.page.keyboard.press("Tab")
        focused = view.page.evaluate("document.activeElement.className")
        assert focused == "copy"
        view.page.keyboard.press("Enter")
        view.page.get_by_role("button", name="Copied").wait_for()
