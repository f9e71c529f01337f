"""The exchange as a process of its own, and the programs of others beside it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

DEADLINE_SECONDS = 20.0


@contextmanager
def standalone(state_file: Path, *options: str) -> Iterator[dict[str, Any]]:
    """Run ``python -m kalshi_preflight.exchange``; yields the state document."""
    module = "kalshi_preflight.exchange"
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--state", str(state_file), *options]
    )
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not state_file.exists():
            assert process.poll() is None, "the exchange ended"
            assert time.monotonic() < deadline, "the exchange is not ready in time"
            time.sleep(0.02)  # between two looks at a file: nothing tells of it
        yield json.loads(state_file.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.wait(DEADLINE_SECONDS)


def needed(module: str) -> Any:
    """Import somebody's client; skip without it, unless it is required here."""
    if os.environ.get("PREFLIGHT_CLIENTS") == "required":
        __import__(module)
    return pytest.importorskip(module, reason="run by: tox run -e clients")
