"""The log: there, alive, and what it complains of today."""

from collections.abc import Iterator
from typing import Any

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Finding, Found, Unknown
from kalshi_preflight.engine.log_classes import CLASSES, ErrorClass
from kalshi_preflight.engine.rows import QUESTIONS
from kalshi_preflight.engine.rules.snapshots import newest_unix
from kalshi_preflight.engine.stamps import lasting, spoken
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.expectation import Expectation
from kalshi_preflight.model.layer import Layer

Facts = dict[str, Any]
_STATES = {"missing": "log-missing", "denied": "log-unreadable"}
_STEPS_BACK = 3


def judge(facts: dict[str, Facts], context: Context) -> Iterator[Finding]:
    """One condition for each class that is current, and what is odd of the file."""
    log = facts["log"]
    told = {"path": log["path"], "beside": log.get("rotated", [])}
    if (state := _STATES.get(log["state"])) is not None:
        yield Found(state, told)
        return
    if log["state"] == "empty":
        if not log["rotated"]:
            yield Found("log-empty", told)
        return
    yield from _file(log, told, context)
    yield from _silence(facts, told, context)
    yield from _classes(log, told, context)


def _file(log: Facts, told: Facts, context: Context) -> Iterator[Finding]:
    limits = context.profile.thresholds
    eight_bit = set(log["encodings"]) - {"utf-16"}
    if "utf-16" in log["encodings"]:
        level = Severity.WARNING if eight_bit else None
        also = sorted(eight_bit) if eight_bit else ["nothing else"]
        yield Found("log-utf16", {**told, "also": also}, level)
    if log["size_bytes"] > limits.log_large_bytes:
        yield Found("log-too-large", {**told, "size_mib": log["size_bytes"] >> 20})
    if log["timed_lines"] == 0:
        yield Found("log-timestamps-unknown", told)
    for secret in log["secrets"]:
        yield Found("log-secret-exposed", {**told, **secret})
    if log["steps_back"] >= _STEPS_BACK and log["starts_without_stop"] >= 2:
        there = {"steps_back": log["steps_back"], "starts": log["starts_without_stop"]}
        yield Found("log-interleaved-instances", {**told, **there})
    if (
        log["starts_in_last_hour"] >= limits.restarts
        and log["steps_back"] < _STEPS_BACK
    ):
        yield Found("engine-restarting", {**told, "starts": log["starts_in_last_hour"]})


def is_fresh(facts: dict[str, Facts], context: Context) -> bool | None:
    """Whether the log was written lately; ``None`` without a log."""
    log = facts["log"]
    if "newest_unix" not in log:
        return None
    newest = max(log["newest_unix"], log["modified_unix"])
    age: float = context.now_unix - newest
    return age <= context.profile.thresholds.log_silent_seconds


def _silence(
    facts: dict[str, Facts], told: Facts, context: Context
) -> Iterator[Finding]:
    """A log that says nothing while rows are being written."""
    newest = newest_unix(facts)
    limits = context.profile.thresholds
    if newest is None or is_fresh(facts, context) is not False:
        return
    if context.now_unix - newest < limits.snapshot_slow_seconds:
        level = Severity.NOTE if context.expect is Expectation.STOPPED else None
        silent = context.now_unix - facts["log"]["newest_unix"]
        yield Found("log-silent", {**told, "age": lasting(silent)}, level)


def _classes(log: Facts, told: Facts, context: Context) -> Iterator[Finding]:
    counts: dict[str, Facts] = log["classes"]
    current = False
    for entry in CLASSES:
        count = counts.get(entry.name)
        if count is None or count["current"] < 1:
            continue
        current = True
        seen = count["repeated"] if entry.name == "crash" else count["current"]
        if seen >= entry.least:
            yield from _condition(entry, count, told, context)
    if counts and not current:
        last = max(c["last_unix"] or 0 for c in counts.values())
        yield Found(
            "log-errors-old-only",
            {**told, "classes": sorted(counts), "last": spoken(last or None)},
        )


def _condition(
    entry: ErrorClass, count: Facts, told: Facts, context: Context
) -> Iterator[Finding]:
    told = {
        **told,
        "number": count["current"],
        "last": spoken(count["last_unix"]),
        "line": count["line"],
        "now": "it was not asked now",
    }
    on_websocket = count["on_websocket"] > 0
    if entry.name == "forbidden-403":
        if on_websocket and context.live.origin_refused:
            yield Found("engine-sends-origin", told)
            return
        layer = Layer.WEBSOCKET if on_websocket else Layer.AUTH
    else:
        layer = entry.layer or Layer.AUTH
    if entry.layer is not None and layer in context.live.layers:
        cause = context.live.layers[layer]
        if cause is not None:
            reason = f"{layer} of {context.live.environment} is broken now as well"
            yield Unknown(QUESTIONS[entry.condition], reason, blocked_by=cause)
            return
        told["now"] = f"{layer} of {context.live.environment} is fine now"
    only_writes = count["reads_succeed"] and count["on_writes"] == count["current"]
    if entry.name == "auth-401" and only_writes:
        yield Found("log-401-post-only", told)
        return
    if entry.name == "moved-host":
        told["hits"] = [count["line"]]
    yield Found(entry.condition, told)
