"""The dashboard: does it copy the engine, all of it, and soon enough?"""

from collections.abc import Iterator
from typing import Any

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Finding, Found, Unknown
from kalshi_preflight.engine.rules.snapshots import newest_unix, readable
from kalshi_preflight.engine.stamps import lasting, spoken
from kalshi_preflight.model.cause import Severity

Facts = dict[str, Any]
KEEPS_UP = "test_dashboard_keeps_up"
_PAGES = {100, 200, 1000}
_CHURN = 5
_SUCCESS = ("success", "succeeded", "ok", "done", "completed")


def judge(facts: dict[str, Facts], context: Context) -> Iterator[Finding]:
    """Nothing at all if no dashboard is configured."""
    if context.dashboard is None:
        return
    dashboard = facts["dashboard"]
    told: Facts = {"path": dashboard["path"]}
    if dashboard["server"]["state"] == "down":
        yield Found(
            "dashboard-server-down", {**told, "port": dashboard["server"]["port"]}
        )
    if dashboard["state"] != "file":
        yield Found("dashboard-db-missing", {**told, "state": dashboard["state"]})
        return
    if (refused := dashboard.get("refused")) is not None:
        error = {
            "error": refused,
            "looks_like": "damaged pages",
            "unchanged_for": "now",
        }
        yield Found(refused, {**told, **error, "subject": "dashboard", "free_mib": 0})
        return
    for table, vital in (("snapshots", True), ("positions", False)):
        if not dashboard[f"has_{table}"]:
            name = getattr(context.profile.dashboard, table)
            level = Severity.BROKEN if vital else Severity.WARNING
            yield Found("dashboard-table-missing", {**told, "table": name}, level)
    if dashboard["has_snapshots"]:
        yield from _lag(facts, told, context)
        yield from _copy(facts, told)
    yield from _sync(facts, told, context)
    capped = [f"{n}: {c}" for n, c in dashboard["totals"].items() if c in _PAGES]
    if capped:
        yield Found("dashboard-totals-capped", {**told, "totals": capped})


def _lag(facts: dict[str, Facts], told: Facts, context: Context) -> Iterator[Finding]:
    limits = context.profile.thresholds
    source, copied = newest_unix(facts), facts["dashboard"]["newest_unix"]
    if source is None or copied is None:
        yield Unknown(KEEPS_UP, "one of the two has no newest row")
        return
    lag = source - copied
    told = {**told, "lag": lasting(lag), "copied": spoken(copied)}
    stale = context.now_unix - copied > limits.dashboard_broken_seconds
    if lag > limits.dashboard_warn_seconds:
        broken = lag > limits.dashboard_broken_seconds
        level = Severity.BROKEN if broken else Severity.WARNING
        yield Found("dashboard-lagging", {**told, "source": spoken(source)}, level)
    elif lag < -limits.dashboard_ahead_seconds:
        yield Found("dashboard-ahead", {**told, "source": spoken(source)})
    elif stale:
        yield Found("dashboard-source-stale", {**told, "source": spoken(source)})
    if stale and facts["dashboard"]["server"]["state"] == "live":
        age = lasting(context.now_unix - copied)
        yield Found("dashboard-stale-shown-as-live", {**told, "age": age})


def _copy(facts: dict[str, Facts], told: Facts) -> Iterator[Finding]:
    dashboard = facts["dashboard"]
    rows, highest = dashboard["rows"], dashboard.get("highest_id")
    if isinstance(highest, int) and rows and highest > _CHURN * rows:
        yield Found(
            "dashboard-rewrites-history", {**told, "rows": rows, "highest_id": highest}
        )
    snapshots = readable(facts)
    copied = dashboard["times_unix"]
    if snapshots is None or len(copied) < 2:
        return
    begin, end = min(copied), max(copied)
    times = [r["unix"] for r in snapshots["rows"] if r["unix"] is not None]
    begin = max(begin, min(times, default=begin))
    source = [t for t in times if begin <= t <= end]
    there = [t for t in copied if begin <= t <= end]
    if len(there) == len(set(source)) < len(source):
        lost = {"source_rows": len(source), "copied_rows": len(there)}
        yield Found("dashboard-row-collapsed", {**told, **lost})


def _sync(facts: dict[str, Facts], told: Facts, context: Context) -> Iterator[Finding]:
    audit = facts["dashboard"]["audit"]
    if audit is None:
        return
    source, copied = newest_unix(facts), facts["dashboard"].get("newest_unix")
    advanced = source is not None and copied is not None and source - copied > 60
    nothing = audit["rows"] == 0 and advanced
    if audit["status"].lower() not in _SUCCESS or nothing:
        rows = "no" if audit["rows"] in (0, None) else audit["rows"]
        yield Found(
            "dashboard-sync-failed", {**told, "status": audit["status"], "rows": rows}
        )
