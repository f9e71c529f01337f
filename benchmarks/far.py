"""Healthy runs at a distance: how many round trips one after the other?

Run inside a network namespace of its own (``unshare -rn python -m benchmarks.far``);
prints one JSON object a row for :mod:`benchmarks.compare`.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.delay_line import far_exchange
from benchmarks.laboratory import ROOT, diagnosis, empty_project, empty_run
from benchmarks.processes import measure

ROUND_TRIP_MS = 50.0


def main(arguments: Sequence[str]) -> int:
    """Measure; ``arguments`` are the number of rounds and the folder of bytecode."""
    rounds, bytecode = int(arguments[0]), Path(arguments[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = empty_project(folder)
        with far_exchange(folder) as (state, line):
            for count in (1, 3):
                command = diagnosis(folder, [state], count)
                floor: list[float] = []
                near: list[float] = []
                far: list[float] = []
                spans: list[float] = []
                for turn in range(rounds + 1):
                    nothing = measure(empty_run(), folder=empty, bytecode=bytecode)
                    line.send(0.0)
                    line.recv()
                    quick = measure(command, folder=ROOT, bytecode=bytecode)
                    line.send(ROUND_TRIP_MS / 2000)
                    line.recv()
                    slow = measure(command, folder=ROOT, bytecode=bytecode)
                    line.send(0.0)
                    span_ms = line.recv() * 1000
                    assert quick.exit_code == slow.exit_code == 0, (quick, slow)
                    if turn:  # the first round fills caches
                        floor.append(nothing.wall_ms)
                        near.append(quick.wall_ms)
                        far.append(slow.wall_ms)
                        spans.append(span_ms / ROUND_TRIP_MS)
                row = {
                    "environments": count,
                    "empty_ms": statistics.median(floor),
                    "near_ms": statistics.median(near),
                    "far_ms": statistics.median(far),
                    "round_trips": (statistics.median(far) - statistics.median(near))
                    / ROUND_TRIP_MS,
                    "on_the_line": statistics.median(spans),
                }
                sys.stdout.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
