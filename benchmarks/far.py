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
#: A round trip so long that nothing else counts beside it: to count them by.
COUNTED_AT_MS = 500.0


def _longest_ms(folder: Path) -> float:
    """The longest journey of the run that has just ended."""
    document = json.loads((folder / "diagnosis.json").read_text(encoding="utf-8"))
    return max(
        sum(float(step["elapsed_ms"]) for step in journey["steps"])
        for environment in document["environments"]
        for journey in environment["journeys"]
    )


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
                for turn in range(rounds + 1):
                    nothing = measure(empty_run(), folder=empty, bytecode=bytecode)
                    line.send(0.0)
                    line.recv()
                    quick = measure(command, folder=ROOT, bytecode=bytecode)
                    line.send(ROUND_TRIP_MS / 2000)
                    line.recv()
                    slow = measure(command, folder=ROOT, bytecode=bytecode)
                    assert quick.exit_code == slow.exit_code == 0, (quick, slow)
                    if turn:  # the first round fills caches
                        floor.append(nothing.wall_ms)
                        near.append(quick.wall_ms)
                        far.append(slow.wall_ms)
                line.send(COUNTED_AT_MS / 2000)
                line.recv()
                measure(command, folder=ROOT, bytecode=bytecode)
                line.send(0.0)
                span_ms = line.recv() * 1000
                row = {
                    "environments": count,
                    "empty_ms": statistics.median(floor),
                    "near_ms": statistics.median(near),
                    "far_ms": statistics.median(far),
                    "round_trips": _longest_ms(folder) / COUNTED_AT_MS,
                    "on_the_line": span_ms / COUNTED_AT_MS,
                }
                sys.stdout.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
