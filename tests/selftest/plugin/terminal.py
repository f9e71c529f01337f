"""A terminal for whole runs: what was written to it, and what is left to be seen."""

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

from tests.selftest.runs import ROOT

_DEADLINE_SECONDS = 50
# A sequence that steers the cursor, one that the terminal keeps to itself, a character.
_TOKEN = re.compile(
    r"\x1b\[(\d*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|(.)", re.DOTALL
)


def run_on_terminal(diagnosis: Path, *arguments: str, width: int = 80) -> str:
    """Run the suite on a pseudo-terminal; returns everything that it wrote."""
    import pty  # not on Windows

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    kept = {n: v for n, v in os.environ.items() if not n.startswith("PYTEST_")}
    process = subprocess.Popen(
        [*command, f"--diagnosis={diagnosis}", *arguments],
        cwd=ROOT,
        env={**kept, "COLUMNS": str(width), "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = _read_all(ours)
    os.close(ours)
    process.wait(_DEADLINE_SECONDS)
    return written


def _read_all(terminal: int) -> str:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    read = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], deadline - time.monotonic())
        assert ready, read.decode(errors="replace")
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other side is closed (pty(7))
            data = b""
        if not data:
            return read.decode()
        read += data


def screen_after(written: str) -> list[str]:
    """The lines that are left once everything has been written."""
    lines: list[list[str]] = [[]]
    row = column = 0
    for number, action, character in _TOKEN.findall(written):
        if action == "A":
            row -= int(number or 1)
        elif action == "C":
            column += int(number or 1)
        elif action == "K":
            del lines[row][column:]
        elif character == "\n":
            row += 1
            lines += [] if row < len(lines) else [[]]
        elif character == "\r":
            column = 0
        elif character:
            line = lines[row]
            line += [" "] * (column + 1 - len(line))
            line[column] = character
            column += 1
    return ["".join(line).rstrip() for line in lines]
