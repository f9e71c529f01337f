"""What a user's conftest may hold: hints of their own, and a receiver of documents."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.model.cause import Cause, Commands, Hint


def pytest_preflight_hint(cause: Cause, evidence: Mapping[str, Any]) -> Hint | None:
    """Replace one hint, leave the others to the catalogue."""
    if cause.id != "tcp-refused":
        return None
    return Hint(
        why="Ask Ada.", fix=Commands(posix=(f"# call 4711: {evidence['host']}",))
    )


def pytest_preflight_report(document: Mapping[str, Any], config: pytest.Config) -> None:
    """Keep what was received, and say so."""
    Path(os.environ["RECEIVED"]).write_text(json.dumps(document), encoding="utf-8")
    config.pluginmanager.getplugin("terminalreporter").write_line("received")
