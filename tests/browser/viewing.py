"""A report opened in a browser that is watched: requests, dialogs, errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.selftest.runs import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
#: A desk, and the narrowest telephone that is common.
WIDTHS = (1280, 390)
SCREENSHOTS = ROOT / "reports" / "browser"


@dataclass
class View:
    """An open report, and everything that it did by itself."""

    page: "Page"
    requested: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def viewed(
    browser: "Browser",
    report: Path,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
    scripts: bool = True,
) -> Iterator[View]:
    """Open a report; nothing but its own file is let through to the network."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        java_script_enabled=scripts,
        permissions=["clipboard-read", "clipboard-write"],
    )
    view = View(context.new_page())

    def decide(route: "Route") -> None:
        view.requested.append(route.request.url)
        if route.request.url == report.as_uri():
            route.continue_()
        else:
            route.abort()

    context.route("**/*", decide)
    view.page.on("dialog", lambda dialog: view.dialogs.append(dialog.message))
    view.page.on("pageerror", lambda error: view.errors.append(str(error)))
    view.page.on(
        "console",
        lambda told: view.errors.append(told.text) if told.type == "error" else None,
    )
    view.page.goto(report.as_uri())
    yield view
    context.close()


def unfold(page: "Page") -> None:
    """Open everything that can be opened."""
    page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true")
