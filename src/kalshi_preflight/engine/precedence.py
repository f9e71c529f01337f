"""One fault, one id: which condition makes which others its evidence. Data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from kalshi_preflight.engine.findings import Found

#: What stands on the left makes what stands on the right its evidence; ``*`` as in file
#: names. The order of rows does not matter: what is hidden hides nothing.
WINS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("db-hot-journal", ("db-locked", "snapshot-*")),
    ("engine-running-twice", ("two-writers", "log-interleaved-instances", "log-429")),
    (
        "engine-running-twice",
        ("log-repeating-401", "series-frozen", "snapshot-foreign-row"),
    ),
    (
        "two-writers",
        ("log-interleaved-instances", "series-frozen", "db-api-cash-mismatch"),
    ),
    ("two-writers", ("log-repeating-401", "log-401-post-only", "log-429")),
    ("two-writers", ("dashboard-row-collapsed", "snapshot-foreign-row")),
    ("engine-not-running", ("snapshot-stale", "snapshot-stalled", "log-silent")),
    ("engine-not-running", ("dashboard-source-stale", "log-errors-old-only")),
    ("unit-ambiguous", ("column-alias-used",)),
    ("engine-hung", ("snapshot-stale", "snapshot-stalled", "log-silent")),
    ("engine-hung", ("dashboard-source-stale", "log-errors-old-only")),
    ("engine-not-visible", ("lock-without-process",)),
    ("halt-flag-present", ("engine-hung", "snapshot-stale", "snapshot-stalled")),
    ("machine-slept", ("snapshot-gap", "log-repeating-401", "log-errors-old-only")),
    ("engine-restarting", ("snapshot-gap",)),
    ("snapshot-local-time", ("snapshot-stale", "snapshot-stalled", "dashboard-ahead")),
    ("snapshot-mixed-formats", ("snapshot-out-of-order",)),
    ("snapshot-foreign-row", ("snapshot-gap",)),
    ("balance-not-integer-cents", ("db-api-cash-mismatch",)),
    (
        "db-api-environment-mismatch",
        ("db-api-cash-mismatch", "env-environment-unknown"),
    ),
    ("series-frozen", ("db-api-cash-mismatch",)),
    ("engine-sends-origin", ("log-403",)),
    ("engine-api-outdated", ("log-410-legacy-orders",)),
    ("fills-not-recorded", ("table-empty",)),
    ("positions-not-recorded", ("table-empty",)),
    ("table-missing", ("column-missing",)),
    ("log-empty", ("log-silent",)),
    ("log-timestamps-unknown", ("log-silent",)),
    ("env-pem-truncated", ("env-pem-bogus-variable", "env-line-not-assignment")),
    ("env-pem-truncated", ("env-both-inline-and-path",)),
    ("env-key-path-escapes", ("env-value-quoted",)),
    ("env-key-name-mismatch", ("env-key-missing",)),
    ("env-key-path-relative", ("env-key-path-missing",)),
    ("env-dead-host", ("env-host-mismatch",)),
    ("dashboard-stale-shown-as-live", ("dashboard-source-stale",)),
    ("dashboard-sync-failed", ("dashboard-lagging",)),
)


def settle(found: Sequence[Found]) -> list[Found]:
    """Drop what is another one's evidence, and name it there (``also_seen``)."""
    ids = {finding.id for finding in found}
    winners: dict[str, set[str]] = {}
    for winner, losers in WINS:
        if winner in ids:
            hidden = {id_ for id_ in ids - {winner} if _matches(id_, losers)}
            winners.setdefault(winner, set()).update(hidden)
    gone = _hidden(winners)
    settled = []
    for finding in found:
        if finding.id in gone:
            continue
        also = sorted(winners.get(finding.id, set()))
        told = {**finding.particulars, "also_seen": also} if also else None
        settled.append(replace(finding, particulars=told) if told else finding)
    return _once(settled)


def _matches(id_: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(id_, pattern) for pattern in patterns)


def _hidden(winners: Mapping[str, set[str]]) -> set[str]:
    """What is hidden by something that is itself not hidden."""
    gone: set[str] = set()
    while True:
        now = {
            id_
            for winner, losers in winners.items()
            if winner not in gone
            for id_ in losers
        }
        if now == gone or now < gone:
            return now
        gone = now


def _once(found: Iterable[Found]) -> list[Found]:
    """Each id once but for those that differ in what they speak of."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for finding in found:
        told = {k: v for k, v in finding.particulars.items() if k != "also_seen"}
        key = finding.id, repr(sorted(told.items(), key=lambda item: item[0]))
        if key not in seen:
            seen.add(key)
            kept.append(finding)
    return kept
