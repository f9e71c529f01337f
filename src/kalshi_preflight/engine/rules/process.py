"""Process, lock and flag: four witnesses, and where they disagree."""

from collections.abc import Iterator
from typing import Any

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Finding, Found
from kalshi_preflight.engine.rules import log as log_rules
from kalshi_preflight.engine.rules.snapshots import newest_unix
from kalshi_preflight.engine.stamps import lasting, spoken
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.expectation import Expectation

Facts = dict[str, Any]
_GAP_SLACK_SECONDS = 120
_BURST_SECONDS = 300


def judge(facts: dict[str, Facts], context: Context) -> Iterator[Finding]:
    """Is there exactly the engine that there should be?"""
    process = facts["process"]
    told = {"home": str(context.home), "start_script": context.profile.start_script}
    yield from _trees(facts, told, context)
    yield from _files(process, told, context)
    yield from _slept(facts, told, context)
    yield from _tasks(facts["tasks"].get("tasks", []), told)
    outdated = facts["code"].get("outdated", [])
    if outdated:
        line = "the code of the engine"
        yield Found("engine-api-outdated", {**told, "hits": outdated, "line": line})


def rows_fresh(facts: dict[str, Facts], context: Context) -> bool | None:
    """Whether rows are being written; ``None`` if the database cannot say."""
    newest = newest_unix(facts)
    if newest is None:
        return None
    age = context.now_unix - newest
    shifted = abs(age + context.offset_seconds) <= _BURST_SECONDS
    return age < context.profile.thresholds.snapshot_slow_seconds or (
        bool(context.offset_seconds) and shifted
    )


def _trees(facts: dict[str, Facts], told: Facts, context: Context) -> Iterator[Finding]:
    trees = facts["process"]["trees"]
    rows, log = rows_fresh(facts, context), log_rules.is_fresh(facts, context)
    stopped = context.expect is Expectation.STOPPED
    if len(trees) >= 2:
        yield Found("engine-running-twice", {**told, **_named(trees)})
        return
    if len(trees) == 1:
        if stopped:
            yield Found("engine-already-running", {**told, **_named(trees)})
        elif rows is False and not log:
            yield Found(
                "engine-hung",
                {**told, **_named(trees), "status": trees[0]["status"]},
            )
        return
    unreadable = facts["process"]["unreadable"]
    newest = newest_unix(facts)
    seen = {**told, "newest": spoken(newest), "unreadable": unreadable}
    if rows or (rows is None and log):
        # Somebody writes: with that, a start would make two.
        yield Found("engine-not-visible", seen, Severity.BROKEN if stopped else None)
    elif unreadable and not stopped:
        yield Found("engine-not-visible", seen)
    else:
        yield Found("engine-not-running", seen, Severity.NOTE if stopped else None)


def _named(trees: list[Facts]) -> Facts:
    return {
        "pids": [tree["pid"] for tree in trees],
        "number": len(trees),
        "trees": [
            f"{tree['pid']} since {spoken(tree['started_unix'])}: {tree['command']}"
            for tree in trees
        ],
    }


def _files(process: Facts, told: Facts, context: Context) -> Iterator[Finding]:
    alive = bool(process["trees"])
    for file in process["pid_files"]:
        if file["holder"] in ("nobody", "another", "another-program"):
            holder = file["holder"]
            who = "no process" if holder == "nobody" else "a program that is not it"
            yield Found(
                "stale-pid-file",
                {**told, "file": file["path"], "pid": file["pid"], "who": who},
            )
    for file in process["lock_files"]:
        age = context.now_unix - file["modified_unix"]
        there = {**told, "file": file["path"], "age": lasting(age)}
        if alive or file["holder"] == "engine":
            continue
        old = age > context.profile.thresholds.lock_seconds
        yield Found("stale-lock-file" if old else "lock-without-process", there)
    flag = process["halt_flag"]
    if flag is not None:
        age = lasting(context.now_unix - flag["modified_unix"])
        reason = flag["reason"] or "no reason is given"
        yield Found(
            "halt-flag-present",
            {**told, "file": flag["path"], "age": age, "reason": reason},
        )


def _slept(facts: dict[str, Facts], told: Facts, context: Context) -> Iterator[Finding]:
    """A gap that rows and log share, and that the process or its 401s outlived."""
    from kalshi_preflight.engine.series import gaps

    limits = context.profile.thresholds
    since = context.now_unix - limits.gap_history_seconds
    history = facts["database"].get("snapshots", {}).get("history_unix", [])
    lines = facts["log"].get("times_unix", [])
    trees = facts["process"]["trees"]
    for begin, end in gaps(history, limits.gap_seconds, since):
        shared = any(
            abs(a - begin) < _GAP_SLACK_SECONDS and abs(b - end) < _GAP_SLACK_SECONDS
            for a, b in gaps(lines, limits.gap_seconds, since)
        )
        if not shared:
            continue
        outlived = any(tree["started_unix"] < begin for tree in trees)
        expired = facts["log"].get("classes", {}).get("auth-401", {})
        first = expired.get("first_unix") or 0
        if outlived or (
            expired.get("expired")
            and -_GAP_SLACK_SECONDS < first - end < _BURST_SECONDS
        ):
            hole = {"begin": spoken(begin), "end": spoken(end)}
            yield Found(
                "machine-slept", {**told, **hole, "lasting": lasting(end - begin)}
            )
            return


def _tasks(tasks: list[Facts], told: Facts) -> Iterator[Finding]:
    for task in tasks:
        there = {**told, "task": task["task"], "instances": task["instances"]}
        if not task["enabled"]:
            yield Found("task-disabled", there)
        elif task["instances"] != "IgnoreNew":
            yield Found("task-allows-parallel", there)
