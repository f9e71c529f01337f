"""While the survey flies: a live line for each environment, for people who wait.

Only on a terminal, not under ``-q``, only when it takes longer than a blink, and erased
afterwards: nothing of it is ever found in a file.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer

if TYPE_CHECKING:  # brings the probes and what they need, which not every run does
    from kalshi_preflight.survey.journey import OnStep

#: A survey that is done by then needs no line.
_BLINK_SECONDS = 0.3
_PAUSE_SECONDS = 0.1
#: Lines at most, so that a small terminal does not scroll.
_LINES = 10
# ECMA-48: erase to the end of the line (EL), cursor up (CUU), cursor forward (CUF).
_ERASE = "\n\r\x1b[K"


@dataclass(slots=True)
class Progress:
    """How far each journey is; ``started`` in the time of ``time.perf_counter``."""

    started: float = field(default_factory=time.perf_counter)
    _places: dict[str, dict[EndpointKind, Layer | None]] = field(default_factory=dict)

    def note(
        self, environment: str, endpoint: EndpointKind, layer: Layer | None
    ) -> None:
        """Remember where a journey is; ``None``: it has ended."""
        self._places.setdefault(environment, {})[endpoint] = layer

    def lines(self, now: float, width: int) -> list[str]:
        """A line for each environment, none longer than ``width``."""
        lines = []
        for name, places in list(self._places.items())[:_LINES]:
            told = ", ".join(f"{kind}: {at or 'done'}" for kind, at in places.items())
            lines.append(f"{name}  {now - self.started:.1f} s  {told}"[:width])
        return lines


class Screen:
    """Draws below the line that the cursor is on, and leaves the cursor there."""

    def __init__(
        self, config: pytest.Config, reporter: pytest.TerminalReporter
    ) -> None:
        self._reporter = reporter
        self._capture = config.pluginmanager.get_plugin("capturemanager")
        self._writer = config.get_terminal_writer()
        self._drawn = 0

    def draw(self, lines: list[str]) -> None:
        """Put these lines in the place of the last ones."""
        lines += [""] * (self._drawn - len(lines))
        self._drawn = len(lines)
        if not lines:
            return
        column = self._writer.width_of_current_line % self._writer.fullwidth
        back = f"\x1b[{len(lines)}A\r" + (f"\x1b[{column}C" if column else "")
        self._write("".join(f"{_ERASE}{line}" for line in lines) + back)

    def erase(self) -> None:
        """Leave nothing behind."""
        self.draw([])

    def _write(self, text: str) -> None:
        # A fixture runs while pytest has the terminal turned away from it.
        turned_back = (
            self._capture.global_and_fixture_disabled()
            if self._capture is not None
            else contextlib.nullcontext()
        )
        with turned_back:
            self._reporter.write_raw(text, flush=True)

    @property
    def width(self) -> int:
        """Columns that a line may have without being broken by the terminal."""
        return self._writer.fullwidth - 1


def watched(config: pytest.Config) -> pytest.TerminalReporter | None:
    """The terminal of this run, if somebody sees it as it goes, and wants to."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not isinstance(reporter, pytest.TerminalReporter) or not reporter.isatty:
        return None
    quiet = config.option.verbose < 0 or os.environ.get("TERM") == "dumb"
    return None if quiet or hasattr(config, "workerinput") else reporter


@contextlib.asynccontextmanager
async def shown(config: pytest.Config) -> "AsyncIterator[OnStep | None]":
    """Show the progress of the survey inside; gives who is to be told of it."""
    reporter = watched(config)
    if reporter is None:
        yield None
        return
    progress, screen = Progress(), Screen(config, reporter)
    drawing = asyncio.create_task(_drawing(progress, screen))
    try:
        yield progress.note
    finally:
        drawing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await drawing
        screen.erase()


async def _drawing(progress: Progress, screen: Screen) -> None:
    await asyncio.sleep(_BLINK_SECONDS)
    while True:
        screen.draw(progress.lines(time.perf_counter(), screen.width))
        await asyncio.sleep(_PAUSE_SECONDS)
