"""What the engine's log says: a bounded tail, counted by class and by time."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.log_classes import classifier
from kalshi_preflight.engine.log_lines import (
    Record,
    decoded,
    excerpt,
    place_in_time,
    records,
    secrets_in,
    tail,
)
from kalshi_preflight.engine.profile import Profile

Facts = dict[str, Any]
_WINDOWS = (("5_minutes", 300.0), ("1_hour", 3600.0), ("24_hours", 86_400.0))
#: A step back smaller than this is the jitter of threads.
_STEP_BACK_SECONDS = 1.0
#: Rotated logs that would have to be unpacked first.
_PACKED = {".gz", ".bz2", ".xz", ".zst", ".zip"}


def inspect(
    path: Path, profile: Profile, *, now_unix: float, offset_seconds: float
) -> Facts:
    """Read the tail; ``state`` is ``missing``, ``denied``, ``empty`` or ``file``."""
    facts: Facts = {"path": str(path)}
    try:
        if not path.is_file():
            return {**facts, "state": "missing", "rotated": _rotated(path)}
        read = tail(path, profile.thresholds.log_tail_bytes)
    except OSError as error:
        return {**facts, "state": "denied", "error": type(error).__name__}
    data, size, modified = read
    facts.update(size_bytes=size, modified_unix=modified)
    lines, encodings = decoded(data)
    earlier, met = _before(path, size, profile, now_unix)
    if not (earlier or size):
        return {**facts, "state": "empty", "rotated": _rotated(path)}
    lines, encodings = earlier + lines, encodings | met
    found = records(lines)
    facts["zone"] = place_in_time(found, offset_seconds, modified)
    facts.update(state="file", encodings=sorted(encodings), lines=len(lines))
    facts["secrets"] = _secrets(lines)
    _times(found, modified, facts)
    _starts(found, profile, now_unix, facts)
    facts["classes"] = _classes(found, now_unix, facts["current_since_unix"])
    return facts


def _before(
    path: Path, size: int, profile: Profile, now_unix: float
) -> tuple[list[str], set[str]]:
    """What stood here before the log was rotated, where that was within the window.

    Else today's errors would be gone with the rotation; the tail of both together is no
    longer than that of one.
    """
    limits = profile.thresholds
    since = now_unix - limits.log_current_seconds
    try:
        times = {f: f.stat().st_mtime for f in _rotated_files(path)}
        recent = [f for f in times if times[f] >= since and f.suffix not in _PACKED]
        if size >= limits.log_tail_bytes or not recent:
            return [], set()
        newest = max(recent, key=times.__getitem__)
        return decoded(tail(newest, limits.log_tail_bytes - size)[0])
    except OSError:
        return [], set()


def _rotated(path: Path) -> list[str]:
    """Older logs beside this one; one that is fresh explains an empty file."""
    try:
        return [found.name for found in _rotated_files(path)][:10]
    except OSError:
        return []


def _rotated_files(path: Path) -> list[Path]:
    names = sorted(path.parent.glob(f"{path.name}.*"))
    names += sorted(path.parent.glob(f"{path.stem}*{path.suffix}"))
    return [found for found in dict.fromkeys(names) if found != path]


def _secrets(lines: list[str]) -> list[Facts]:
    """Kinds of secrets, each with its first line as counted from the file's end."""
    kinds: dict[str, Facts] = {}
    for back, line in enumerate(reversed(lines)):
        for kind in secrets_in(line):
            seen = kinds.setdefault(kind, {"kind": kind, "times": 0})
            seen["times"] += 1
            seen["lines_from_end"] = back
    return list(kinds.values())


def _times(found: list[Record], modified: float, facts: Facts) -> None:
    timed = [record.unix for record in found if record.unix is not None]
    facts["timed_lines"] = len(timed)
    # Only the file's last line may borrow the time of the file.
    facts["newest_unix"] = max(timed) if timed else modified
    pairs = pairwise(timed)
    facts["steps_back"] = sum(1 for a, b in pairs if a - b > _STEP_BACK_SECONDS)
    facts["times_unix"] = timed[-5000:]


def _starts(
    found: list[Record], profile: Profile, now_unix: float, facts: Facts
) -> None:
    """Where the current window begins: at the latest start, an hour ago at most."""
    started = re.compile(profile.started, re.IGNORECASE)
    stopped = re.compile(profile.stopped, re.IGNORECASE)
    starts: list[float] = []
    alive = most_alive = 0
    for record in found:
        first = record.text.partition("\n")[0]
        if stopped.search(first):
            alive = 0
        elif started.search(first):
            alive += 1
            most_alive = max(most_alive, alive)
            if record.unix is not None:
                starts.append(record.unix)
    limits = profile.thresholds
    recent = limits.log_current_seconds if starts else limits.log_unstarted_seconds
    latest = max(starts, default=0.0)
    facts["started_unix"] = latest or None
    facts["starts_in_last_hour"] = sum(1 for s in starts if now_unix - s <= 3600)
    facts["starts_without_stop"] = most_alive
    facts["current_since_unix"] = max(latest, now_unix - recent)


def _classes(found: list[Record], now_unix: float, since: float) -> dict[str, Facts]:
    """Counts of every class by window, with first and last time and a line to show."""
    counts: dict[str, Facts] = {}
    classes_of = classifier("\n".join(record.text for record in found))
    for record in found:
        for name in classes_of(record.text):
            entry = counts.setdefault(name, _nothing())
            _count(entry, record, now_unix, since)
    reads = reads_succeed(found)
    for entry in counts.values():
        entry["reads_succeed"] = reads
        entry["repeated"] = max(entry.pop("_texts").values(), default=0)
    return counts


def _nothing() -> Facts:
    windows = {name: 0 for name, _ in _WINDOWS}
    return {
        **windows,
        "older": 0,
        "age_unknown": 0,
        "current": 0,
        "on_websocket": 0,
        "on_writes": 0,
        "expired": 0,
        "first_unix": None,
        "last_unix": None,
        "line": "",
        "_texts": {},
    }


_WEBSOCKET = re.compile(r"\bws\b|wss://|web ?socket|handshake|upgrade", re.IGNORECASE)
_WRITES = re.compile(
    r"\bPOST\b|\bPUT\b|\bDELETE\b|(?:create|place|submit|send|cancel|amend)\w*[ _]order"
    r"|order (?:rejected|failed)",
    re.IGNORECASE,
)


def _count(entry: Facts, record: Record, now_unix: float, since: float) -> None:
    unix = record.unix
    if unix is None:
        entry["age_unknown"] += 1
        return
    age = now_unix - unix
    window = next((name for name, seconds in _WINDOWS if age <= seconds), "older")
    entry[window] += 1
    entry["first_unix"] = min(unix, entry["first_unix"] or unix)
    if unix >= (entry["last_unix"] or 0):
        entry["last_unix"], entry["line"] = unix, excerpt(record)
    if unix < since:
        return
    entry["current"] += 1
    entry["on_websocket"] += bool(_WEBSOCKET.search(record.text))
    entry["on_writes"] += bool(_WRITES.search(record.text))
    entry["expired"] += "header_timestamp_expired" in record.text
    shape = re.sub(r"\d+", "#", excerpt(record))
    shape = re.sub(r"^[\W#TZ]+", "", shape)
    entry["_texts"][shape] = entry["_texts"].get(shape, 0) + 1


_READ = re.compile(r"\bGET\b.{0,200}\b200\b")


def reads_succeed(found: list[Record]) -> bool:
    """Whether any read was answered with success."""
    return any(
        "GET" in record.text and _READ.search(record.text) is not None
        for record in found
    )
