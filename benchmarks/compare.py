"""The diagnosis beside other tools, on this machine, in one run: ratios, not promises.

    python -m benchmarks.compare [--long]

Interleaved rounds, medians. ``--long`` makes more rounds, asks a hundred environments,
and writes ``benchmarks/README.md``.
"""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import laboratory
from benchmarks.engine import engine_table
from benchmarks.laboratory import ROOT
from benchmarks.processes import Measured, measure
from benchmarks.tables import cpu, machine, memory, ms, ratio, table, wall

README = ROOT / "benchmarks" / "README.md"
#: Faults that tools are commonly compared on; the silent ones answer nothing at all.
ANSWERED = (
    "tcp-refused",
    "dns-nxdomain",
    "tls-reset",
    "tls-plaintext",
    "tls-expired",
    "tls-wrong-host",
    "tls-unknown-ca",
    "key-unknown",
    "http-503-page",
)
SILENT = ("tcp-blackhole", "dns-silent", "tls-stall", "http-stall")
#: What a step may take before its silence is believed (``survey/journey.py``).
STEP_MS = 5000
#: How many questions one environment is asked without ``capabilities``.
TESTS = 52
Runs = dict[str, list[Measured]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where and how often is measured."""

    folder: Path
    empty: Path
    rounds: int
    warm: bool
    long: bool

    def run(self, command: Sequence[str], folder: Path = ROOT) -> Measured:
        """Run one program once; bytecode is kept from run to run."""
        return measure(command, folder=folder, bytecode=self.folder / "bytecode")

    def interleaved(self, runs: Mapping[str, Callable[[], Measured]]) -> Runs:
        """Each in turn, round by round; one that is not ``warm`` first fills caches."""
        found: Runs = {name: [] for name in runs}
        for turn in range(self.warm, self.rounds + 1):
            for name, once in runs.items():
                measured = once()
                if turn:
                    found[name].append(measured)
        return found

    def nothing(self) -> Measured:
        """An empty pytest run."""
        return self.run(laboratory.empty_run(), self.empty)

    def as_many_empty(self, environments: int) -> Callable[[], Measured]:
        """A run of as many tests that do nothing, as so many environments have."""
        tests = environments * TESTS
        project = self.folder / f"empty-{tests}"
        if not project.exists():
            laboratory.empty_project(self.folder, tests)
        return lambda: self.run(laboratory.empty_run(), project)


def healthy(bench: Bench) -> str:
    """(a) A healthy exchange on loopback, and other tools on the same."""
    with (
        laboratory.exchange(bench.folder) as state,
        laboratory.blackbox(bench.folder, state) as blackbox,
    ):
        commands = {
            "`pytest -m lab`": laboratory.diagnosis(bench.folder, [state]),
            "httpx script, one GET": laboratory.httpx_script(state),
            "curl, one GET": laboratory.curl(state),
            "blackbox_exporter, one GET": blackbox,
        }
        if bench.long:
            everything = laboratory.diagnosis(bench.folder, [state], only="lab")
            commands["with `capabilities`"] = everything
        # A tool that is not here has no row.
        there = {name: command for name, command in commands.items() if command}
        floor = "pytest, one empty test"
        runs = bench.interleaved(
            {
                floor: bench.nothing,
                **{
                    name: (lambda command=command: _sound(bench, command))  # type: ignore[misc]
                    for name, command in there.items()
                },
            }
        )
    rows = [
        (
            name,
            ms(wall(found)),
            ms(wall(found) - wall(runs[floor])),
            ratio(wall(found), wall(runs[floor])),
            ms(cpu(found)),
            f"{memory(found):.0f}",
        )
        for name, found in runs.items()
    ]
    head = ("healthy, on loopback", "wall ms", "more ms", "ratio", "CPU ms", "MiB")
    return table(head, rows)


def _sound(bench: Bench, command: Sequence[str]) -> Measured:
    """A run that must find nothing wrong."""
    measured = bench.run(command)
    if measured.exit_code != 0:
        raise RuntimeError(f"exit code {measured.exit_code}: {' '.join(command)}")
    return measured


def distant(bench: Bench) -> str:
    """(b) The same at 50 ms round trip, over a delay line."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("ip") is None:
        return "At a distance: not measured (needs unshare and ip).\n"
    arguments = [str(bench.rounds), str(bench.folder / "bytecode")]
    told = subprocess.run(
        [unshare, "-rn", sys.executable, "-m", "benchmarks.far", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if told.returncode != 0:
        why = told.stderr.strip().splitlines()[-1:]
        return f"At a distance: not measured ({' '.join(why)}).\n"
    rows = [
        (
            f"{row['environments']} environment(s)",
            ms(row["empty_ms"]),
            ms(row["near_ms"]),
            ms(row["far_ms"]),
            f"{row['round_trips']:.1f}",
            f"{row['on_the_line']:.1f}",
        )
        for row in map(json.loads, told.stdout.splitlines())
    ]
    head = (
        "round trip 50 ms",
        "empty ms",
        "at 0 ms",
        "at 50 ms",
        "round trips",
        "seen on the line",
    )
    return table(head, rows)


def faulty(bench: Bench) -> str:
    """(c) The time to a verdict on each fault, against a healthy run."""
    rows: list[tuple[str, ...]] = []
    with laboratory.exchange(bench.folder) as state:
        command = laboratory.diagnosis(bench.folder, [state])
        for name in (*ANSWERED, *SILENT):
            rows.append(_fault_row(bench, name, command))
    head = ("fault", "answer", "healthy ms", "`-m lab` ms", "more ms", "curl ms")
    return table(head, rows)


def _fault_row(bench: Bench, name: str, healthy_command: list[str]) -> tuple[str, ...]:
    with laboratory.exchange(bench.folder, name) as state:
        command = laboratory.diagnosis(bench.folder, [state])
        curl = laboratory.curl(state)
        runs: dict[str, Callable[[], Measured]] = {
            "healthy": lambda: _sound(bench, healthy_command),
            "faulty": lambda: bench.run(command),
        }
        if curl is not None:
            runs["curl"] = lambda: bench.run(curl)
        found = bench.interleaved(runs)
    if any(run.exit_code != 1 for run in found["faulty"]):
        raise RuntimeError(f"{name} was not found")
    curls = found.get("curl")
    return (
        name,
        "silence" if name in SILENT else "an answer",
        ms(wall(found["healthy"])),
        ms(wall(found["faulty"])),
        ms(wall(found["faulty"]) - wall(found["healthy"])),
        ms(wall(curls)) if curls else "-",
    )


def many(bench: Bench) -> str:
    """(d, f) Many environments: time and memory, healthy and silent."""
    counts = (1, 10, 50, 100) if bench.long else (1, 10)
    rows: list[tuple[str, ...]] = []
    for kind, faults in (("healthy", ()), ("silent", ("tcp-blackhole",))):
        with contextlib.ExitStack() as stack:
            states = []
            for place in range(2):
                folder = bench.folder / f"{kind}-{place}"
                folder.mkdir()
                exchange = laboratory.exchange(folder, *faults)
                states.append(stack.enter_context(exchange))
            code = 1 if faults else 0
            runs = bench.interleaved(
                {f"{n}": _asked(bench, states, n, code) for n in counts}
                | {f"{n} empty": bench.as_many_empty(n) for n in counts}
            )
        one = wall(runs["1"])
        for n in map(str, counts):
            found, empty = runs[n], wall(runs[f"{n} empty"])
            times = (wall(found), wall(found) - one, empty)
            shares = ratio(wall(found), one), ratio(empty, one)
            cells = (*map(ms, times), *shares, f"{memory(found):.0f}")
            rows.append((f"{n} {kind}", *cells))
    head = (
        *("environments", "wall ms", "more ms", "as many empty tests ms"),
        *("ratio", "of the empty tests", "MiB"),
    )
    return table(head, rows)


def _asked(
    bench: Bench, states: list[laboratory.State], count: int, code: int
) -> Callable[[], Measured]:
    command = laboratory.diagnosis(bench.folder, states, count)

    def once() -> Measured:
        measured = bench.run(command)
        if measured.exit_code != code:
            raise RuntimeError(f"{count}: exit code {measured.exit_code}")
        told = json.loads((bench.folder / "diagnosis.json").read_text("utf-8"))
        if (tests := sum(told["tests"].values())) != count * TESTS:
            raise RuntimeError(f"{count}: {tests} tests")
        return measured

    return once


def engine(bench: Bench) -> str:  # one signature for all parts
    """(e) The engine's files while they grow."""
    return engine_table()


#: Parts that take minutes a round have so many at most.
_FEW_ROUNDS = 3
_LASTING = ("faulty", "many")
PARTS = {
    "healthy": healthy,
    "distant": distant,
    "faulty": faulty,
    "many": many,
    "engine": engine,
}
_HEAD = """\
# Benchmarks

Written by `tox run -e benchmark -- --long`: medians of {rounds} interleaved rounds,
{few} for faults and for many environments, all of one run on one machine. Compare
columns, not machines.

{machine}

Whole processes, from start to exit. *Empty* is pytest with the same plugins and one
test that does nothing; `-m lab` is the whole diagnosis of one environment (REST with
its private endpoint and negative control, WebSocket with its three variations, FIX up
to TLS) in a `python -m kalshi_preflight.exchange`, without `capabilities`, which
measures for some seconds on purpose. *Round trips* are counted at
500 ms each, beside which nothing else counts: the longest journey, and the time from
the first packet on the line to the last. One step's deadline is {step} ms. *As many
empty tests* is what pytest takes for as many tests that do nothing: no number of
environments can be asked faster.

"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; with ``--long`` also write the README."""
    parser = argparse.ArgumentParser("python -m benchmarks.compare")
    parser.add_argument("--long", action="store_true", help="more rounds; README.md")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    wishes = parser.parse_args(arguments)
    rounds = 5 if wishes.long else 1
    text = _HEAD.format(rounds=rounds, few=_FEW_ROUNDS, machine=machine(), step=STEP_MS)
    with tempfile.TemporaryDirectory(prefix="kalshi-preflight-benchmark-") as name:
        folder = Path(name)
        empty = laboratory.empty_project(folder)
        bench = Bench(
            folder=folder, empty=empty, rounds=rounds, warm=False, long=wishes.long
        )
        parts = [wishes.only] if wishes.only else list(PARTS)
        for part in parts:
            few = min(rounds, _FEW_ROUNDS) if part in _LASTING else rounds
            # By then the caches are filled, but for the very first of all runs.
            warm = part in _LASTING and not wishes.long and not wishes.only
            made = PARTS[part](replace(bench, rounds=few, warm=warm))
            sys.stdout.write(made + "\n")
            sys.stdout.flush()
            text += made + "\n"
    if wishes.long and not wishes.only:
        README.write_text(text.rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
