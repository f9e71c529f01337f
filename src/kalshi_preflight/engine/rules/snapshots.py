"""The series of snapshots: fresh, regular, of one writer, and in full?"""

from collections.abc import Iterator
from typing import Any

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Finding, Found, Unknown
from kalshi_preflight.engine.series import (
    Chain,
    at_once,
    chains,
    doubled_since,
    gaps,
    writers,
)
from kalshi_preflight.engine.stamps import lasting, spoken
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.expectation import Expectation

Facts = dict[str, Any]
FRESH = "test_newest_snapshot_is_fresh"
#: A stamp in local time is off by a whole offset, give or take this much.
_OFFSET_SLACK_SECONDS = 300
_LIFE_SECONDS = 300
_NEVER_ROWS = 100
_ORDERED_ROWS = 200


def readable(facts: dict[str, Facts]) -> Facts | None:
    """The snapshots, if there are rows that can be judged."""
    snapshots: Facts = facts["database"].get("snapshots", {})
    return snapshots if snapshots.get("rows") else None


def newest_unix(facts: dict[str, Facts]) -> float | None:
    """The newest of the newest rows, by its own stamp."""
    snapshots = readable(facts) or {}
    times = [r["unix"] for r in snapshots.get("rows", []) if r["unix"] is not None]
    return max(times, default=None)


def judge(facts: dict[str, Facts], context: Context) -> Iterator[Finding]:
    """Everything that the newest rows tell without asking anybody else."""
    database = facts["database"]
    if "refused" in database or database["state"] != "file":
        return
    told = {"path": database["path"]}
    snapshots = readable(facts)
    if snapshots is None:
        if "time_column" in database.get("snapshots", {}):
            yield Found("snapshot-none", told)
        return
    rows = snapshots["rows"]
    if rows[0]["unix"] is None:
        yield Found("snapshot-unparsable", {**told, "value": rows[0]["written"]})
        return
    forms = sorted({row["form"] for row in rows if row["form"]})
    if len(forms) > 1:
        yield Found("snapshot-mixed-formats", {**told, "forms": forms})
    yield from _freshness(facts, told, context)
    yield from _writers(facts, told, context)
    yield from _regularity(facts, told, context)
    yield from _fulness(facts, told)


# --- freshness ------------------------------------------------------------------


def _freshness(
    facts: dict[str, Facts], told: Facts, context: Context
) -> Iterator[Finding]:
    limits = context.profile.thresholds
    newest = newest_unix(facts)
    assert newest is not None  # the newest row has been parsed
    age, off = context.now_unix - newest, context.offset_seconds
    told = {**told, "newest": spoken(newest), "age": lasting(age)}
    odd = age < -limits.future_seconds or age >= limits.snapshot_slow_seconds
    aware = any(row["aware"] for row in facts["database"]["snapshots"]["rows"])
    if odd and off and not aware and abs(age + off) <= _OFFSET_SLACK_SECONDS:
        if _signs_of_life(facts, context):
            yield Found("snapshot-local-time", {**told, "offset": lasting(off)})
        else:
            reason = "the age is this machine's UTC offset, and nothing else is alive"
            yield Unknown(FRESH, reason)
        return
    if age < -limits.future_seconds:
        yield Found("snapshot-from-the-future", told)
    elif age >= limits.snapshot_slow_seconds:
        stalled = age >= limits.snapshot_stalled_seconds
        down = context.expect is Expectation.STOPPED
        level = Severity.NOTE if down else None
        yield Found("snapshot-stalled" if stalled else "snapshot-stale", told, level)


def _signs_of_life(facts: dict[str, Facts], context: Context) -> bool:
    """Whether database, WAL or log were written just now."""
    times = [facts["database"].get("modified_unix"), facts["log"].get("modified_unix")]
    return any(t is not None and context.now_unix - t < _LIFE_SECONDS for t in times)


# --- writers --------------------------------------------------------------------


def _writers(
    facts: dict[str, Facts], told: Facts, context: Context
) -> Iterator[Finding]:
    limits = context.profile.thresholds
    window = window_rows(facts, limits.window_seconds)
    times = [row["unix"] for row in window]
    found = chains(times, limits.interval_seconds)
    doubled = writers(found)
    same = len(times) != len(set(times))
    if len(doubled) < 2 and len(times) < limits.doubled_rows and not same:
        return
    newest = times[-1]
    history = facts["database"]["snapshots"]["history_unix"]
    since = doubled_since(history, limits.window_seconds, limits.doubled_rows)
    begin = since[0] if since and newest - since[1] < 60 else times[0]
    old = context.now_unix - newest > limits.snapshot_stalled_seconds
    frozen = _constant(window, doubled)
    yield Found(
        "two-writers",
        {
            **told,
            "rows": len(times),
            "writers": max(2, at_once(doubled)),
            "since": spoken(begin),
            "lasting": lasting(newest - begin),
            "series": [_described(window, chain) for chain in doubled],
            "frozen": frozen or "none of the series is constant",
        },
        Severity.WARNING if old else None,
    )


def window_rows(facts: dict[str, Facts], seconds: float) -> list[Facts]:
    """The rows of the last ``seconds`` before the newest one, oldest first."""
    rows = [row for row in (readable(facts) or {"rows": []})["rows"] if row["unix"]]
    rows.sort(key=lambda row: row["unix"])
    return [row for row in rows if rows[-1]["unix"] - row["unix"] < seconds]


def _cash(window: list[Facts], chain: Chain) -> list[int]:
    values = (window[place]["cash_cents"] for place in chain.rows)
    return [value for value in values if value is not None]


def _described(window: list[Facts], chain: Chain) -> str:
    cash = _cash(window, chain)
    if not cash:
        return f"{len(chain.rows)} rows"
    low, high = min(cash) / 100, max(cash) / 100
    value = f"constant ${low:.2f}" if low == high else f"${low:.2f} to ${high:.2f}"
    return f"{len(chain.rows)} rows, {value}"


def _constant(window: list[Facts], doubled: list[Chain]) -> str | None:
    """The constant series beside a moving one: whoever writes it reads nothing."""
    spreads = [set(_cash(window, chain)) for chain in doubled]
    if any(len(s) > 1 for s in spreads) and any(len(s) == 1 for s in spreads):
        value = next(s for s in spreads if len(s) == 1)
        return f"one of the series is frozen at ${min(value) / 100:.2f}"
    return None


# --- regularity -----------------------------------------------------------------


def _regularity(
    facts: dict[str, Facts], told: Facts, context: Context
) -> Iterator[Finding]:
    limits = context.profile.thresholds
    snapshots = facts["database"]["snapshots"]
    times, rows = snapshots["history_unix"], snapshots["rows"]
    since = context.now_unix - limits.gap_history_seconds
    holes = gaps(times, limits.gap_seconds, since)
    if holes:
        longest = max(holes, key=lambda hole: hole[1] - hole[0])
        yield Found(
            "snapshot-gap",
            {
                **told,
                "number": len(holes),
                "longest": lasting(longest[1] - longest[0]),
                "begin": spoken(longest[0]),
                "end": spoken(longest[1]),
                "holes_unix": [list(hole) for hole in holes],
            },
        )
    window = window_rows(facts, limits.window_seconds)
    newest = window[-1]["unix"]
    quiet = any(newest - hole[1] < limits.window_seconds for hole in holes)
    covered = min(times) <= newest - limits.window_seconds
    if covered and not quiet and len(window) < limits.slow_rows:
        expected = round(limits.window_seconds / limits.interval_seconds)
        yield Found(
            "snapshot-slow-cadence", {**told, "rows": len(window), "expected": expected}
        )
    newest_row = rows[0]["unix"]
    latest = max(row["unix"] for row in rows[:_ORDERED_ROWS] if row["unix"])
    if latest - newest_row > 1:
        yield Found(
            "snapshot-out-of-order",
            {**told, "newest_row": spoken(newest_row), "latest": spoken(latest)},
        )
    yield from _foreign(rows, told, limits.interval_seconds)


def _foreign(rows: list[Facts], told: Facts, interval: float) -> Iterator[Found]:
    """Rows off every chain that fill other columns than their neighbours do."""
    ordered = sorted((r for r in rows if r["unix"]), key=lambda row: row["unix"])
    lone = {
        place
        for chain in chains([row["unix"] for row in ordered], interval)
        if len(chain.rows) <= 2
        for place in chain.rows
    }
    foreign = [
        ordered[place]
        for place in sorted(lone)
        if 0 < place < len(ordered) - 1
        and set(ordered[place]["set"]) - set(ordered[place - 1]["set"])
        and set(ordered[place]["set"]) - set(ordered[place + 1]["set"])
    ]
    if foreign:
        times = [spoken(row["unix"]) for row in foreign[:5]]
        yield Found(
            "snapshot-foreign-row", {**told, "number": len(foreign), "at": times}
        )


# --- fulness --------------------------------------------------------------------


def _fulness(facts: dict[str, Facts], told: Facts) -> Iterator[Finding]:
    database = facts["database"]
    snapshots = database["snapshots"]
    rows, counters = snapshots["rows"], snapshots["counters"]
    written = {name for row in rows for name in row["set"]}
    traded = database.get("orders", {}).get("count", 0) > 0
    if counters and not written and len(rows) >= _NEVER_ROWS and traded:
        yield Found(
            "columns-never-written",
            {**told, "columns": counters, "rows": len(rows)},
        )
    if snapshots["cash_column"].endswith("_cents"):
        decimals = [r for r in rows if _has_decimals(r["cash_raw"])]
        if decimals:
            shown = str(decimals[0]["cash_raw"])[:40]
            yield Found("balance-not-integer-cents", {**told, "value": shown})


def _has_decimals(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, str) and "." in value)
