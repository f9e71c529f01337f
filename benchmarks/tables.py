"""Tables in Markdown, which reads as well on a terminal."""

import os
import platform
import statistics
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.processes import Measured


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; all but the first to the right."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [_line(line, widths) for line in lines]
    rule = [("-" * widths[0])] + [f"{'-' * (width - 1)}:" for width in widths[1:]]
    text.insert(1, f"| {' | '.join(rule)} |")
    return "\n".join(text) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    rest = (c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))
    return f"| {' | '.join([first, *rest])} |"


def wall(runs: Sequence[Measured]) -> float:
    """The median wall time in milliseconds."""
    return statistics.median(run.wall_ms for run in runs)


def cpu(runs: Sequence[Measured]) -> float:
    """The median processor time in milliseconds."""
    return statistics.median(run.cpu_ms for run in runs)


def memory(runs: Sequence[Measured]) -> float:
    """The highest peak of resident memory in MiB."""
    return max(run.peak_mib for run in runs)


def ms(value: float) -> str:
    """Milliseconds, whole."""
    return f"{value:,.0f}"


def ratio(value: float, to: float) -> str:
    """How many times as much."""
    return f"{value / to:.2f}"


def machine() -> str:
    """The machine in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
        models = [line for line in text.splitlines() if line.startswith("model name")]
        model = models[0].partition(": ")[2] if models else model
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = ".".join(map(str, sys.version_info[:3]))
    system = f"{platform.system()}, Python {python}"
    return f"{os.cpu_count()} processors, {model}{load}; {system}"
