"""One campaign: a target, many hostile inputs, and what became of each."""

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.fuzz.mutation import chance, mutated
from tests.selftest.long import LONG

T = TypeVar("T")
CORPUS = Path(__file__).parent / "corpus"
#: No input of a few kilobytes takes this long on any machine that can run the suite.
HANGS_SECONDS = 20.0


class Hang(Exception):
    """An input was not dealt with in :data:`HANGS_SECONDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One parser: how it is fed, and with what.

    ``modules`` are those of the package that stand in the fire, ``attempt`` takes one
    input and returns its outcome in a word (a cause, or the declared error); whatever
    it raises is a defect. ``short`` and ``whole`` are how many inputs each mode has;
    ``words`` are pieces that mean something to the parser. ``healthy`` are inputs made
    at run time, beside those of the corpus.
    """

    name: str
    modules: tuple[str, ...]
    attempt: Callable[[bytes], str]
    short: int
    whole: int
    words: tuple[bytes, ...] = ()
    healthy: Callable[[], Sequence[bytes]] = tuple

    @property
    def count(self) -> int:
        """How many inputs this run makes."""
        return self.whole if LONG else self.short

    def inputs(self) -> Iterator[bytes]:
        """Every seed as it is, then seeds damaged; always the same ones."""
        seeds = [*corpus(self.name), *self.healthy()]
        yield from seeds
        for number in range(max(0, self.count - len(seeds))):
            yield mutated(seeds, chance(self.name, number), self.words)


@dataclass(slots=True)
class Tally:
    """What a target went through: shown, not claimed."""

    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_ms: float = 0.0

    def note(self, outcome: str, elapsed_ms: float) -> None:
        """Count one input."""
        self.inputs += 1
        self.outcomes[outcome] += 1
        self.slowest_ms = max(self.slowest_ms, elapsed_ms)


#: Of this run, by target.
TALLIES: dict[str, Tally] = {}


def tally_of(name: str) -> Tally:
    """The tally of one target, begun if need be."""
    return TALLIES.setdefault(name, Tally())


def corpus(name: str) -> list[bytes]:
    """The seeds of one target, in the order of their names."""
    return [file.read_bytes() for file in sorted((CORPUS / name).glob("*"))]


def assault(target: Target) -> Tally:
    """Feed every input; raises ``AssertionError`` with the first that was too much."""
    return strike(target.name, target.attempt, target.inputs())


def strike(name: str, attempt: Callable[[T], str], inputs: Iterable[T]) -> Tally:
    """Feed these inputs, one by one."""
    tally = tally_of(name)
    for number, given in enumerate(inputs):
        started = time.perf_counter()
        try:
            with bounded():
                outcome = attempt(given)
        except Exception as error:
            message = f"{name}, input {number}: {type(error).__name__}: {error}"
            raise AssertionError(f"{message}\n{repr(given)[:2000]}") from error
        assert "unclassified" not in outcome, f"{name} {number}: {outcome} {given!r}"
        tally.note(outcome, (time.perf_counter() - started) * 1000)
    return tally


@contextlib.contextmanager
def bounded(seconds: float = HANGS_SECONDS) -> Iterator[None]:
    """Raise :class:`Hang` in what does not end; where there are no alarms, do not."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> None:
        raise Hang(f"not done after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
