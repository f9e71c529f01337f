"""The waterfall: what of a journey took how long, and when.

Steps follow one another; within a step the probes note how far a request came
(``request_ms`` …), and these parts are drawn below it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Json = Mapping[str, Any]

# So short a part would be invisible; a bar says "something was done here".
_NARROWEST_PERCENT = 0.8
_TICKS = 4
#: Statuses of steps that were never taken: they have no time.
UNTAKEN = ("blocked", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a waterfall; ``begin`` and ``width`` are percent of the whole.

    ``step`` is the step of the document, or ``None`` for a part of the one above it.
    """

    name: str
    status: str
    elapsed_ms: float
    begin: float
    width: float
    step: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a step, in milliseconds from the step's beginning."""

    name: str
    begin_ms: float
    elapsed_ms: float


def waterfall(journey: Json, whole_ms: float | None = None) -> Iterator[Bar]:
    """Each step and its parts; ``whole_ms`` is where the scale ends."""
    whole = whole_ms or total_ms(journey) or 1.0
    begun = 0.0
    for step in journey["steps"]:
        elapsed, status = float(step["elapsed_ms"]), step["status"]
        whole_step = Part(name=step["layer"], begin_ms=begun, elapsed_ms=elapsed)
        yield _bar(whole_step, status, whole, step)
        if status not in UNTAKEN:
            for part in parts(step):
                moved = replace(part, begin_ms=begun + part.begin_ms)
                yield _bar(moved, status, whole)
        begun += elapsed


def total_ms(journey: Json) -> float:
    """How long all steps of a journey took together."""
    return sum(float(step["elapsed_ms"]) for step in journey["steps"])


def scale_ms(journeys: Iterable[Json]) -> float:
    """The longest of these journeys: one scale for all, so that bars compare."""
    return max(map(total_ms, journeys), default=0.0)


def ticks(whole_ms: float) -> list[tuple[float, float]]:
    """Round times along a scale: their place in percent, and the time itself."""
    if whole_ms <= 0:
        return []
    rough = whole_ms / _TICKS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * nice for nice in (1, 2, 5, 10) if size * nice >= rough)
    count = int(whole_ms / step)
    return [(round(100 * n * step / whole_ms, 2), n * step) for n in range(count + 1)]


def _bar(part: Part, status: str, whole: float, step: Json | None = None) -> Bar:
    share = 100 * part.elapsed_ms / whole
    width = min(max(_NARROWEST_PERCENT, share), 100.0) if part.elapsed_ms else 0.0
    begin = min(100 * part.begin_ms / whole, 100 - width)
    return Bar(
        name=part.name,
        status=status,
        elapsed_ms=part.elapsed_ms,
        begin=round(begin, 2),
        width=round(width, 2),
        step=step,
    )


# --- parts of a step ------------------------------------------------------------


def parts(step: Json) -> list[Part]:
    """The parts of a step that its facts tell of, in the order of their beginning."""
    facts = step["facts"]
    whole = float(step["elapsed_ms"])
    if step["layer"] == "http":
        return list(_exchange(facts, whole, "request"))
    if step["layer"] == "auth":
        return list(_signed(facts, whole))
    if step["layer"] == "websocket":
        return list(_conversation(facts, whole))
    if step["layer"] == "fix":
        return list(_session(facts, whole))
    return []


def _exchange(facts: Json, whole: float, request: str) -> Iterator[Part]:
    """A request, the wait for the first byte of the answer, and the rest of it."""
    begun = _time(facts, "begun_ms") or 0.0
    sent, first = _time(facts, "request_ms"), _time(facts, "first_byte_ms")
    if sent is None:
        return
    yield Part(name=request, begin_ms=begun, elapsed_ms=sent)
    if first is None:
        waited = max(0.0, whole - begun - sent)
        yield Part(name="no answer", begin_ms=begun + sent, elapsed_ms=waited)
        return
    yield Part(name="first byte", begin_ms=begun + sent, elapsed_ms=first - sent)
    done = _time(facts, "elapsed_ms")
    if done is not None and done > first:
        yield Part(name="whole answer", begin_ms=begun + first, elapsed_ms=done - first)


def _signed(facts: Json, whole: float) -> Iterator[Part]:
    """The signed request, and the control: the same with a damaged signature."""
    yield from _exchange(_mapping(facts, "balance"), whole, "signed request")
    control = _mapping(facts, "damaged")
    begun, elapsed = _time(control, "begun_ms"), _time(control, "elapsed_ms")
    if begun is not None and elapsed is not None:
        yield Part(name="negative control", begin_ms=begun, elapsed_ms=elapsed)


def _conversation(facts: Json, whole: float) -> Iterator[Part]:
    """The upgrade, what came after the subscription, and the upgrades beside it."""
    upgrade = _mapping(facts, "upgrade")
    sent, answered = _time(upgrade, "request_ms"), _time(upgrade, "elapsed_ms")
    if answered is not None:
        yield Part(name="upgrade", begin_ms=0.0, elapsed_ms=answered)
    elif sent is not None:
        yield Part(name="upgrade", begin_ms=0.0, elapsed_ms=whole)
    for name, fact in (("acknowledgement", "acknowledged_ms"), ("pong", "pong_ms")):
        taken = _time(facts, fact)
        if taken is not None:
            yield Part(name=name, begin_ms=answered or 0.0, elapsed_ms=taken)
    varied = _time(facts, "varied_ms")
    if varied is not None:
        yield Part(name="other upgrades", begin_ms=0.0, elapsed_ms=varied)


def _session(facts: Json, whole: float) -> Iterator[Part]:
    """Logon, sign of life and logout, one after the other up to the step's end."""
    logout = _mapping(facts, "logout")
    told = [
        ("logon", _time(facts, "logon_ms")),
        ("heartbeat", _time(facts, "heartbeat_ms")),
        ("logout", _time(logout, "elapsed_ms")),
    ]
    taken = [(name, time) for name, time in told if time is not None]
    # What is signed before the logon takes its time before these.
    begun = max(0.0, whole - sum(time for _, time in taken))
    for name, time in taken:
        yield Part(name=name, begin_ms=begun, elapsed_ms=time)
        begun += time


def _mapping(facts: Json, name: str) -> Json:
    inner = facts.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _time(facts: Json, name: str) -> float | None:
    value = facts.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return max(0.0, float(value))
