"""What people see of a report first, and what they can do with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.scenes import SCENES
from tests.browser.viewing import unfold, viewed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Report = Callable[[str], Path]
#: The verdict and the cause that stands at the top of each report.
TOPS = {
    "healthy": ("PREFLIGHT: GO", None),
    "dns-failure": ("PREFLIGHT: NO-GO dns-name-not-found", "dns-name-not-found"),
    "origin-refused": ("PREFLIGHT: GO", "ws-origin-refused"),
    "engine-story": ("PREFLIGHT: NO-GO two-writers", "two-writers"),
}
#: Reports whose first remedy has to be found without scrolling sideways.
REMEDIED = [scene for scene, (_, cause) in TOPS.items() if cause]


@pytest.mark.parametrize("scene", TOPS)
def test_the_verdict_and_its_cause_come_first(
    browser: "Browser", report: Report, scene: str
) -> None:
    """The page begins with the verdict; the cause with its remedy follows at once."""
    verdict, cause = TOPS[scene]
    with viewed(browser, report(scene)) as view:
        page = view.page
        first = page.locator("body").inner_text().strip().splitlines()[0]
        assert first.endswith(verdict)
        assert page.locator("h1").count() == 1
        assert page.locator("h1").bounding_box()["y"] < 100  # type: ignore[index]
        top = page.locator("header.verdict + article.cause")
        assert top.count() == (1 if cause else 0)
        if cause:
            assert cause in top.inner_text()
            assert {"Fix", "Check"} <= set(
                top.locator("figcaption b").all_inner_texts()
            )


@pytest.mark.parametrize("scene", TOPS)
def test_without_scripts_everything_is_readable(
    browser: "Browser", report: Report, scene: str
) -> None:
    """Verdict, remedy, waterfall and every question are there without JavaScript."""
    verdict, cause = TOPS[scene]
    with viewed(browser, report(scene), scripts=False) as view:
        text = view.page.locator("body").inner_text()
        assert verdict in text
        assert cause is None or cause in text
        assert view.page.locator("table.journey svg rect").count() > 0
        assert "The name has at least one address." in text
        if scene == "engine-story":
            assert "no page of it is damaged" in text
        assert not view.page.locator("#results-table").is_visible()


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_loads_from_the_network(
    browser: "Browser", report: Report, scene: str
) -> None:
    """The browser asks for the one file and for nothing else, and has no complaint."""
    file = report(scene)
    with viewed(browser, file) as view:
        view.page.wait_for_load_state("networkidle")
        unfold(view.page)
        assert view.requested == [file.as_uri()]
        assert view.errors == []
    assert [each.name for each in file.parent.glob("assets")] == []


@pytest.mark.parametrize("scene", REMEDIED)
def test_copy_buttons_copy(browser: "Browser", report: Report, scene: str) -> None:
    """Each button puts exactly its commands on the clipboard, and says so."""
    with viewed(browser, report(scene)) as view:
        figures = view.page.locator(".cause.root figure")
        assert figures.count() >= 2
        for figure in figures.all():
            figure.get_by_role("button", name="Copy").click()
            figure.get_by_role("button", name="Copied").wait_for()
            copied = view.page.evaluate("navigator.clipboard.readText()")
            assert copied == figure.locator("pre").text_content()


def test_the_waterfall_names_every_part(browser: "Browser", report: Report) -> None:
    """From the name to the acknowledgement, each part has a line and a bar."""
    with viewed(browser, report("healthy")) as view:
        rows = view.page.locator("table.journey tbody tr")
        drawn = {
            row.locator("th").inner_text()
            for row in rows.all()
            if row.locator("rect").count()
        }
        assert drawn >= {"dns", "tcp", "tls", "http", "auth", "websocket"}
        assert drawn >= {"request", "first byte", "upgrade", "acknowledgement"}


def test_positions_of_both_sides_stand_side_by_side(
    browser: "Browser", report: Report
) -> None:
    """Eighteen positions that the database does not know are told one by one."""
    with viewed(browser, report("engine-story")) as view:
        table = view.page.get_by_role("region", name="Positions")
        assert table.locator("tbody tr").count() == 18
        assert table.locator("td.broken").count() == 18
        assert "$60.00" in view.page.locator(".books").inner_text()
