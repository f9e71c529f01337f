"""A browser for all tests, and each report made once."""

import importlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.scenes import SCENES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_REQUIRED = os.environ.get("PREFLIGHT_BROWSER") == "required"


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The machine's own Chromium, without a window."""
    playwright = _playwright()
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None and not _REQUIRED:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as running:
        # Root in a container has no user namespaces, which the sandbox is made of.
        options = ["--no-sandbox"]
        chromium = running.chromium.launch(executable_path=program, args=options)
        yield chromium
        chromium.close()


def _playwright() -> Any:
    if _REQUIRED:
        return importlib.import_module("playwright.sync_api")
    reason = "run by: tox run -e browser"
    return pytest.importorskip("playwright.sync_api", reason=reason)


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the report of a scene by its name; each is made once."""
    made: dict[str, Path] = {}

    def of(scene: str) -> Path:
        if scene not in made:
            made[scene] = SCENES[scene](tmp_path_factory.mktemp(scene))
        return made[scene]

    return of
