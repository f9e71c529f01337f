"""A live line while the survey flies: on a terminal only, and gone afterwards."""

import re
import sys
from pathlib import Path

import pytest

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.progress import Progress
from tests.selftest.plugin.terminal import run_on_terminal, screen_after
from tests.selftest.runs import run_suite

pytestmark = pytest.mark.selftest

on_a_terminal = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind"
)
#: Slow enough to be waited for: the answer never comes.
SLOW = ("-m", "sandbox", "--fault=http-stall", "--budget=2")
LIVE = re.compile(r"sandbox  \d+\.\d s  rest: \w+")


def test_a_line_says_where_each_journey_is() -> None:
    """Name, seconds, each endpoint's layer; it is cut where the screen ends."""
    progress = Progress(started=10.0)
    progress.note("production", EndpointKind.REST, Layer.TLS)
    progress.note("production", EndpointKind.WEBSOCKET, None)
    progress.note("demo", EndpointKind.REST, Layer.DNS)
    assert progress.lines(11.25, 80) == [
        "production  1.2 s  rest: tls, websocket: done",
        "demo  1.2 s  rest: dns",
    ]
    assert [len(line) for line in progress.lines(11.25, 15)] == [15, 15]


@on_a_terminal
def test_the_line_lives_while_the_survey_flies(tmp_path: Path) -> None:
    """It is drawn, and nothing of it is left on the screen."""
    written = run_on_terminal(tmp_path / "diagnosis.json", *SLOW)
    assert "rest: http" in written
    left = screen_after(written)
    assert not [line for line in left if LIVE.search(line)]
    first = next(line for line in left if line.startswith("tests/live/test_dns.py"))
    assert re.fullmatch(r"tests/live/test_dns\.py [.w]+( +\[ *\d+%\])?", first)


@on_a_terminal
def test_quiet_is_quiet(tmp_path: Path) -> None:
    """Under ``-q`` no line is drawn, even on a terminal."""
    written = run_on_terminal(tmp_path / "diagnosis.json", *SLOW, "-q")
    assert not LIVE.search(written)
    assert "\x1b[K" not in written


def test_a_pipe_gets_nothing_of_it(tmp_path: Path) -> None:
    """Where the output is kept, there are no live lines and no cursor is moved."""
    run = run_suite(tmp_path / "diagnosis.json", *SLOW)
    assert not LIVE.search(run.screen)
    assert "\x1b" not in run.screen
