"""The screen: what is written there past all reports goes through the redactor too.

A test that prints under ``-s``, ``capsys.disabled()``, ``--setup-show``, the live log,
a traceback of pytest's own: all of them write to a text stream, and here it is changed
for one that masks. What a process writes to the *file descriptor* itself
(``os.write(1, ...)``, a child process under ``-s``) passes no stream and is seen as it
is: pytest's own capture of descriptors, its default, is what keeps that in.
"""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TextIO

import pytest

from kalshi_preflight.report.redact import WINDOW, Redactor

_NAMES = ("stdout", "stderr")


class RedactedStream:
    """A text stream that masks what is written to it, also where it comes in parts.

    ``find`` gives the redactor, or ``None`` as long as no secret has been read.
    """

    def __init__(self, stream: TextIO, find: Callable[[], Redactor | None]) -> None:
        self._stream = stream
        self._find = find
        self._written = ""

    def write(self, text: str) -> int:
        """Write ``text`` masked; the length is that of ``text``, as callers expect."""
        redactor = self._find()
        masked = redactor.continuation(self._written, text) if redactor else text
        self._written = (self._written + text)[1 - WINDOW :]
        self._stream.write(masked)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of ``lines``."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def redact_screen(config: pytest.Config, find: Callable[[], Redactor | None]) -> None:
    """Change both streams, for the rest of the run, before a terminal is made of them.

    pytest's capture keeps the streams that it found and puts them back between tests,
    so they are changed there as well (private: a self-test holds it).
    """
    for name in _NAMES:
        original = getattr(sys, name)
        if original is None or isinstance(original, RedactedStream):
            continue
        redacted = RedactedStream(original, find)
        _change(config, name, redacted)
        config.add_cleanup(partial(_change, config, name, original))


def _change(config: pytest.Config, name: str, stream: Any) -> None:
    if isinstance(getattr(sys, name), RedactedStream) or isinstance(
        stream, RedactedStream
    ):
        setattr(sys, name, stream)
    manager = config.pluginmanager.get_plugin("capturemanager")
    capturing = getattr(manager, "_global_capturing", None)
    capture = getattr(capturing, "out" if name == "stdout" else "err", None)
    kept: Any = getattr(capture, "syscapture", capture)
    if getattr(kept, "_old", None) is not None:
        kept._old = stream
    tee: Any = getattr(kept, "tmpfile", None)
    if hasattr(tee, "_other"):  # --capture=tee-sys
        tee._other = stream
