"""Every measured figure of an environment, with its value and how it was measured."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kalshi_preflight.report.ladder import duration
from kalshi_preflight.report.ways import tickers_each_second

Json = Mapping[str, Any]


class Figure(NamedTuple):
    """One line of a report."""

    name: str
    value: str
    how: str


def figures(environment: Json) -> Iterator[Figure]:
    """What was measured; nothing of what was not."""
    measurements = environment.get("measurements")
    if not measurements:
        return
    polling, budget = measurements["polling"], measurements["budget"]
    if polling is not None:
        yield from _polling(polling)
        yield from _budget(polling, budget)
    if measurements["streaming"] is not None:
        yield from _streaming(measurements["streaming"])
    if measurements["readiness"] is not None:
        yield from _readiness(measurements["readiness"])
    tokens = f"{measurements['tokens']:g} tokens"
    yield Figure("cost of this run", tokens, "10 a REST call, the survey's included")


def _polling(polling: Json) -> Iterator[Figure]:
    calls = f"{polling['calls']} calls over {polling['connections']} connection(s)"
    where = f"{calls} to {polling['address']} in {polling['seconds']:g} s"
    wanted = duration(polling["interval_ms"])
    how = f"completed round to completed round of 2 calls each; {wanted} was wanted"
    yield from _spread("REST: real interval", polling["rounds_every"], how)
    how = f"request sent to answer whole: {where}"
    yield from _spread("REST: time of a call", polling["latency"], how)
    errors = ", ".join(f"{n} x {kind}" for kind, n in polling["errors"].items())
    failed = polling["calls"] - polling["answers"]
    yield Figure("REST: calls that failed", str(failed), errors or "all answered 200")
    yield Figure("REST: 429", str(polling["rate_limited"]), "answers with that status")
    age = polling["oldest_copy_seconds"]
    shown = "none" if age is None else f"{polling['copies']}, up to {age:g} s old"
    yield Figure("REST: copies of a cache", shown, "headers Age and X-Cache")
    same = f"{polling['unchanged']}, for {duration(polling['unchanged_ms'])} at most"
    how = f"order books of {polling['ticker']} like the one before"
    yield Figure("REST: unchanged books", same, how)
    how = "each REST book held against the states that the WebSocket went through"
    if polling["books_unlike"]:
        how += f"; {polling['books_unlike']} were like none of them"
    yield from _spread("REST: behind the WebSocket", polling["book_lag"], how)


def _budget(polling: Json, budget: Json | None) -> Iterator[Figure]:
    if budget is not None:
        rate, held = budget["tokens_each_second"], budget["burst_tokens"]
        value = f"{rate:g} tokens/s, {held:g} held"
        how = f"GET /account/limits says so (usage tier {budget['tier']})"
        yield Figure("REST: read budget", value, how)
    if (found := tickers_each_second(polling, budget)) is not None:
        each = "" if budget is None else f", {budget['call_tokens']:g} tokens each"
        how = f"one call a ticker{each}; the bound is {found[1]}"
        yield Figure("REST: tickers each second", str(found[0]), how)


def _streaming(streaming: Json) -> Iterator[Figure]:
    where = f"WebSocket to {streaming['address']}"
    since = f"since the subscription to {streaming['tickers']} markets"
    times = (
        ("upgrade", "upgrade_ms", f"request sent to 101: {where}"),
        ("acknowledged", "acknowledged_ms", since),
        ("first snapshot", "first_snapshot_ms", since),
        ("first change", "first_delta_ms", since),
        ("back after a forced close", "reconnect_ms", "cut to first data: TCP to data"),
    )
    for name, key, how in times:
        shown = "none came" if streaming[key] is None else duration(streaming[key])
        yield Figure(f"WebSocket: {name}", shown, how)
    how = "our ping to its own pong"
    yield from _spread("WebSocket: ping", streaming["ping"], how)
    offset = streaming["clock_offset_ms"]
    corrected = (
        "our clock uncorrected, its offset is not known"
        if offset is None
        else f"corrected by our clock's offset of {offset:g} ms"
    )
    how = f"arrival minus the change's own ts_ms, {corrected}"
    yield from _spread("WebSocket: age of changes", streaming["tick_age"], how)
    rate = f"{streaming['frames_each_second']:g}/s"
    how = f"{streaming['frames']} messages in {streaming['seconds']:g} s"
    yield Figure("WebSocket: frames", rate, how)
    how = f"{streaming['gaps']} gaps in seq, counted for each sid, all frame types"
    yield Figure("WebSocket: missing frames", str(streaming["missing"]), how)
    drops = str(streaming["drops"])
    yield Figure("WebSocket: dropped", drops, "ends of the connection we did not make")


def _readiness(readiness: Json) -> Iterator[Figure]:
    shown = readiness["signed_read_ms"]
    if shown is not None:
        how = "the quickest of GET /account/limits and GET /api_keys; no order is sent"
        yield Figure("orders: signed read", duration(shown), how)
    if readiness["scopes"] is not None:
        scopes = ", ".join(map(str, readiness["scopes"])) or "none"
        yield Figure("orders: scopes of this key", scopes, "GET /api_keys")
    for name, key in (("exchange", "exchange_active"), ("trading", "trading_active")):
        if readiness[key] is not None:
            shown = "active" if readiness[key] else "not active"
            yield Figure(f"orders: {name}", shown, "GET /exchange/status")
    if readiness["location_until"] is not None:
        state = "lapsed on" if readiness["location_lapsed"] else "valid until"
        value = f"{state} {readiness['location_until']}"
        yield Figure("orders: location check", value, "GET /api_keys")
    if (pause := readiness["next_pause"]) is not None:
        value = f"{pause['begins']} to {pause['ends']}"
        yield Figure("orders: next pause", f"{value} ({pause['why']})", _SCHEDULE)
    for path, status in readiness["refused"].items():
        yield Figure(f"orders: GET {path}", str(status), "refused, so not known")


_SCHEDULE = "GET /exchange/schedule, turned into UTC"


def _spread(name: str, spread: Json | None, how: str) -> Iterator[Figure]:
    """Nothing where there were no times; n, p50, p95 and maximum where there were."""
    if spread is None:
        return
    value = (
        f"p50 {duration(spread['p50_ms'])}, p95 {duration(spread['p95_ms'])},"
        f" max {duration(spread['max_ms'])} (n={spread['count']})"
    )
    yield Figure(name, value, how)
