"""The engine's books against the exchange's: absence in one is absence in neither."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.findings import Finding, Found, Unknown
from kalshi_preflight.engine.rules.snapshots import readable
from kalshi_preflight.engine.stamps import lasting, spoken
from kalshi_preflight.model.account import Account
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.expectation import Expectation

Facts = dict[str, Any]
QUESTIONS = (
    "test_same_environment_on_both_sides",
    "test_fills_are_recorded",
    "test_positions_are_recorded",
    "test_orders_are_recorded",
    "test_cash_agrees",
    "test_totals_are_whole",
)
_PAGES = {100, 200, 1000}
_FROZEN_ROWS = 100
_UNRELATED = 3
_CASH_LOCKED_CENTS, _LOCKED_DOLLARS = 100, Decimal(5)


def judge(facts: dict[str, Facts], context: Context) -> Iterator[Finding]:
    """Compare the two, or say for every question why that cannot be done."""
    database, account = facts["database"], context.account
    if account is None:
        for question in QUESTIONS:
            yield Unknown(question, context.no_account, context.account_blocked_by)
        return
    yield from _cash_locked(account)
    if database["state"] != "file" or "refused" in database:
        return
    told = {"path": database["path"], "environment": account.environment}
    mismatch = list(_environment(facts, told, account))
    yield from mismatch
    if not mismatch:
        yield from _fills(database, told, account)
        yield from _positions(database, told, context, account)
        yield from _orders(database, told, context, account)
        yield from _cash(facts, told, context, account)
        yield from _totals(facts, told, account)


def _environment(
    facts: dict[str, Facts], told: Facts, account: Account
) -> Iterator[Finding]:
    """The engine's KALSHI_ENV, and whether the two have any market in common."""
    database = facts["database"]
    named = facts["dotenv"].get("environment")
    ours = {p["ticker"] for p in database.get("positions", {}).get("open", [])}
    ours |= set(database.get("orders", {}).get("tickers", []))
    theirs = {holding.ticker for holding in account.holdings}
    theirs |= {order.ticker for order in account.resting}
    unrelated = min(len(ours), len(theirs)) >= _UNRELATED and not ours & theirs
    if unrelated or (named and named != account.environment):
        yield Found(
            "db-api-environment-mismatch",
            {
                **told,
                "engine_environment": named or "not named",
                "ours": sorted(ours)[:5],
                "theirs": sorted(theirs)[:5],
            },
        )


def _fills(database: Facts, told: Facts, account: Account) -> Iterator[Finding]:
    if "fills" not in database:
        return
    count = database["fills"]["count"]
    oldest = _oldest(database)
    cutoff = account.cutoff_unix
    if cutoff is not None and oldest is not None and oldest < cutoff:
        yield Found("history-beyond-cutoff", {**told, "cutoff": spoken(cutoff)})
    if count == 0 and account.all_fills > 0:
        more = " or more" if "fills" in account.incomplete else ""
        yield Found(
            "fills-not-recorded",
            {
                **told,
                "fills": f"{account.all_fills}{more}",
                "newest_fill": spoken(account.newest_fill_unix),
            },
        )


def _oldest(database: Facts) -> float | None:
    times = [*database.get("snapshots", {}).get("history_unix", [])]
    sampled = database.get("orders", {}).get("oldest_sampled_unix")
    times += [sampled] if sampled else []
    return min(times, default=None)


def _positions(
    database: Facts, told: Facts, context: Context, account: Account
) -> Iterator[Finding]:
    if "open" not in database.get("positions", {}):
        return
    limits = context.profile.thresholds
    ours = {row["ticker"] for row in database["positions"]["open"]}
    theirs = {holding.ticker for holding in account.holdings}
    differ = len(ours ^ theirs)
    if differ < limits.positions_warn:
        return
    none_here = not ours and bool(theirs)
    broken = none_here or differ >= limits.positions_broken
    exposure = sum((h.exposure_dollars for h in account.holdings), Decimal(0))
    yield Found(
        "positions-not-recorded",
        {
            **told,
            "ours": len(ours),
            "theirs": len(theirs),
            "differ": differ,
            "exposure": f"${exposure:.2f}",
            "only_there": sorted(theirs - ours)[:20],
            "only_here": sorted(ours - theirs)[:20],
        },
        Severity.BROKEN if broken else Severity.WARNING,
    )


def _orders(
    database: Facts, told: Facts, context: Context, account: Account
) -> Iterator[Finding]:
    limits = context.profile.thresholds
    orders = database.get("orders", {})
    if "ids" not in orders or "orders" in account.incomplete:
        return
    resting = {order.order_id for order in account.resting}
    ids = set(orders["ids"])
    since = orders.get("oldest_sampled_unix")
    unknown = [
        order
        for order in account.resting
        if order.order_id not in ids
        and (since is None or order.created_unix is None or order.created_unix >= since)
    ]
    if unknown:
        tickers = sorted({order.ticker for order in unknown})
        yield Found(
            "orders-not-recorded", {**told, "number": len(unknown), "tickers": tickers}
        )
    claimed = orders.get("resting_ids", [])
    step = max(1, len(claimed) // limits.status_sample)
    sample = claimed[::step][: limits.status_sample]
    stale = [order_id for order_id in sample if order_id not in resting]
    if sample and len(stale) / len(sample) > limits.status_stale_share:
        there = {"stale": len(stale), "sample": len(sample), "claimed": len(claimed)}
        yield Found("orders-status-stale", {**told, **there})


def _cash_locked(account: Account) -> Iterator[Finding]:
    locked, value = account.locked_dollars, Decimal(account.portfolio_value_cents) / 100
    if account.cash_cents < _CASH_LOCKED_CENTS and locked + value > _LOCKED_DOLLARS:
        yield Found(
            "cash-locked",
            {
                "environment": account.environment,
                "cash": f"${account.cash_cents / 100:.2f}",
                "locked": f"${locked:.2f}",
                "orders": len(account.resting),
                "value": f"${value:.2f}",
                "positions": len(account.holdings),
            },
        )


def _cash(
    facts: dict[str, Facts], told: Facts, context: Context, account: Account
) -> Iterator[Finding]:
    limits = context.profile.thresholds
    rows = (readable(facts) or {"rows": []})["rows"]
    timed = [r for r in rows if r["unix"] is not None and r["cash_cents"] is not None]
    nearest = min(
        timed, key=lambda row: abs(row["unix"] - account.read_unix), default=None
    )
    if nearest is None:
        return
    apart = abs(nearest["unix"] - account.read_unix)
    if apart > limits.match_seconds:
        if context.expect is Expectation.STOPPED:
            return  # an engine that is down, as it should be, writes no cash
        reason = f"the nearest row is {lasting(apart)} from the balance"
        yield Unknown("test_cash_agrees", reason)
        return
    differ = abs(nearest["cash_cents"] - account.cash_cents)
    if differ <= limits.cash_warn_cents:
        return
    there = {
        **told,
        "ours": f"${nearest['cash_cents'] / 100:.2f}",
        "theirs": f"${account.cash_cents / 100:.2f}",
        "differ": f"${differ / 100:.2f}",
    }
    values = {row["cash_cents"] for row in timed}
    if len(values) == 1 and len(timed) >= _FROZEN_ROWS:
        there["rows"] = str(len(timed))
        yield Found("series-frozen", there)
        return
    broken = differ > limits.cash_broken_cents
    level = Severity.BROKEN if broken else Severity.WARNING
    yield Found("db-api-cash-mismatch", there, level)


def _totals(
    facts: dict[str, Facts], told: Facts, account: Account
) -> Iterator[Finding]:
    """Totals that are a page's length, while the exchange has more."""
    rows = (readable(facts) or {"rows": []})["rows"]
    values = rows[0]["values"] if rows else {}
    totals = {
        "total_fills": (values.get("total_fills"), account.all_fills),
        "fills": (facts["database"].get("fills", {}).get("count"), account.all_fills),
        "open_positions": (values.get("open_positions"), len(account.holdings)),
    }
    capped = [
        f"{name} is {ours}, the exchange has {theirs}"
        for name, (ours, theirs) in totals.items()
        if ours in _PAGES and theirs > ours
    ]
    if capped:
        yield Found("totals-capped-at-page-limit", {**told, "totals": capped})
