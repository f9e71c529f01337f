"""The ways to trade: is each open, which number proves it, and what closes it?

Read off one environment of the document and nothing else. A closed way is never given
up: what is said of it is the remedy of the cause that closes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kalshi_preflight.report.ladder import duration

Json = Mapping[str, Any]

WEBSOCKET_DATA = "WebSocket data"
REST_POLLING = "REST polling data"
REST_ORDERS = "REST orders"
FIX_ORDERS = "FIX orders"
_ORIGIN_REFUSED = "ws-origin-refused"
_ORIGIN_NOTE = (
    "A client that sends an Origin header sees 403 here, and one that sends none gets"
    " through: with websocket-client pass suppress_origin=True, or use the websockets"
    " library. The key is fine."
)
#: FIX is for these by default (docs.kalshi.com, fix/connectivity).
_FIX_TIERS = ("premier", "paragon", "prime", "prestige")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One row: ``answer`` is yes, no or unknown, ``proof`` the figures behind it.

    ``cause`` is the record of the cause that closes the way (id, summary, hint), if one
    does; ``note`` is for the reader who uses the way.
    """

    name: str
    answer: str
    proof: str
    cause: Json | None = None
    note: str = ""


def ways(environment: Json) -> tuple[Way, ...]:
    """The four ways of one environment, the preferred ones first."""
    return (
        _websocket_data(environment),
        _rest_polling(environment),
        _rest_orders(environment),
        _fix_orders(environment),
    )


def recommended(environment: Json) -> tuple[str, ...]:
    """What to do for data and for orders, with this key on this machine, now."""
    data, polling, rest, fix = ways(environment)
    return (_recommended_data(data, polling), _recommended_orders(rest, fix))


def _recommended_data(data: Way, polling: Way) -> str:
    if data.answer == "yes":
        return f"Market data: WebSocket ({data.proof})."
    reason = _reason(data)
    if polling.answer == "yes":
        return (
            f"Market data: mend the WebSocket ({reason}); meanwhile poll REST"
            f" ({polling.proof})."
        )
    return f"Market data: nothing is proved open; begin with {_reason(polling)}."


def _recommended_orders(rest: Way, fix: Way) -> str:
    if rest.answer == "yes":
        return f"Orders: REST ({rest.proof})."
    if fix.answer == "yes":
        return f"Orders: FIX ({fix.proof}); for REST see: {_reason(rest)}."
    return f"Orders: nothing is proved open; begin with {_reason(rest)}."


def _reason(way: Way) -> str:
    return str(way.cause["id"]) if way.cause else way.proof


# --- the four rows --------------------------------------------------------------------


def _websocket_data(environment: Json) -> Way:
    answer = environment["capabilities"]["websocket_market_data"]
    note = _ORIGIN_NOTE if _cause(environment, _ORIGIN_REFUSED) else ""
    if answer != "yes":
        proof, cause = _closed(environment, "websocket", "websocket")
        return Way(
            name=WEBSOCKET_DATA, answer=answer, proof=proof, cause=cause, note=note
        )
    streaming = _part(environment, "streaming")
    if streaming is None:
        facts = _facts(environment, "websocket", "websocket")
        proof = f"acknowledged after {duration(facts.get('acknowledged_ms'))}"
    else:
        proof = _streaming_proof(streaming)
    return Way(name=WEBSOCKET_DATA, answer=answer, proof=proof, note=note)


def _streaming_proof(streaming: Json) -> str:
    told = []
    if (age := streaming["tick_age"]) is not None:
        told.append(f"changes {duration(age['p50_ms'])} old (p50 of {age['count']})")
    if (ping := streaming["ping"]) is not None:
        told.append(f"ping {duration(ping['p50_ms'])}")
    told.append(f"{streaming['frames']} frames in {streaming['seconds']:g} s")
    if streaming["missing"]:
        told.append(f"{streaming['missing']} missing")
    if streaming["drops"]:
        told.append(f"dropped {streaming['drops']} times")
    return ", ".join(told)


def _rest_polling(environment: Json) -> Way:
    answer = environment["capabilities"]["rest_market_data"]
    if answer != "yes":
        proof, cause = _closed(environment, "rest", "http")
        return Way(name=REST_POLLING, answer=answer, proof=proof, cause=cause)
    polling, budget = _part(environment, "polling"), _part(environment, "budget")
    if polling is None:
        facts = _facts(environment, "rest", "http")
        proof = f"HTTP {facts.get('status')} after {duration(facts.get('elapsed_ms'))}"
        return Way(name=REST_POLLING, answer=answer, proof=proof)
    proof = _polling_proof(polling)
    return Way(
        name=REST_POLLING, answer=answer, proof=proof, note=_tickers(polling, budget)
    )


def _polling_proof(polling: Json) -> str:
    told = []
    if (rounds := polling["rounds_every"]) is not None:
        wanted = duration(polling["interval_ms"])
        told.append(f"every {duration(rounds['p50_ms'])} where {wanted} was wanted")
    if (latency := polling["latency"]) is not None:
        told.append(f"{duration(latency['p50_ms'])} a call (p50 of {latency['count']})")
    told.append(f"{polling['calls'] - polling['answers']} of {polling['calls']} failed")
    if polling["oldest_copy_seconds"]:
        told.append(f"copies up to {polling['oldest_copy_seconds']:g} s old")
    if (lag := polling["book_lag"]) is not None and lag["p50_ms"] > 0:
        told.append(f"books {duration(lag['p50_ms'])} behind the WebSocket")
    return ", ".join(told)


def tickers_each_second(polling: Json, budget: Json | None) -> tuple[int, str] | None:
    """How many tickers can be polled each second, one call each, and by which bound.

    The least of what the exchange allows, what one connection manages in turn, and,
    where there were 429s, what was really answered.
    """
    bounds = []
    if budget is not None:
        bounds.append((float(budget["calls_each_second"]), "the stated budget"))
    if (latency := polling["latency"]) is not None and latency["p50_ms"] > 0:
        bounds.append((1000 / latency["p50_ms"], "one connection in turn"))
    if polling["rate_limited"]:
        bounds.append((float(polling["calls_each_second"]), "429s while polling"))
    if not bounds:
        return None
    least, bound = min(bounds)
    return int(least), bound


def _tickers(polling: Json, budget: Json | None) -> str:
    found = tickers_each_second(polling, budget)
    if found is None:
        return ""
    return f"{found[0]} tickers each second, one call each; the bound is {found[1]}."


def _rest_orders(environment: Json) -> Way:
    answer = environment["capabilities"]["rest_account"]
    if answer != "yes":
        proof, cause = _closed(environment, "rest", "auth")
        return Way(name=REST_ORDERS, answer=answer, proof=proof, cause=cause)
    for pause in ("exchange-paused", "trading-paused"):
        if (cause := _cause(environment, pause)) is not None:
            proof = "the key is accepted, and no order is taken now"
            return Way(name=REST_ORDERS, answer="no", proof=proof, cause=cause)
    readiness = _part(environment, "readiness")
    if readiness is None:
        proof = "signed reads are accepted; what the key may do was not asked"
        return Way(name=REST_ORDERS, answer="unknown", proof=proof)
    return _orders_by_readiness(readiness)


def _orders_by_readiness(readiness: Json) -> Way:
    read = f"signed read in {duration(readiness['signed_read_ms'])}"
    note = ""
    if readiness["location_lapsed"]:
        note = (
            f"The location check lapsed on {readiness['location_until']}: confirm the"
            " location in the exchange's app or web site, or orders in some categories"
            " are refused."
        )
    if readiness["may_order"] is None:
        proof = f"{read}; the exchange did not tell the key's scopes"
        return Way(name=REST_ORDERS, answer="unknown", proof=proof, note=note)
    scopes = ", ".join(map(str, readiness["scopes"] or ())) or "none"
    proof = f"{read}, scopes: {scopes}, trading active; no order was tried"
    if not readiness["may_order"]:
        note = "The key's scopes hold no write: make a key that has it, for the bot."
        return Way(name=REST_ORDERS, answer="no", proof=proof, note=note)
    return Way(name=REST_ORDERS, answer="yes", proof=proof, note=note)


def _fix_orders(environment: Json) -> Way:
    answer = environment["capabilities"]["fix_session"]
    facts = _facts(environment, "fix", "fix")
    if answer == "yes":
        proof = (
            f"Logon answered after {duration(facts.get('logon_ms'))}, TestRequest"
            f" after {duration(facts.get('heartbeat_ms'))}; no order was tried"
        )
        return Way(name=FIX_ORDERS, answer=answer, proof=proof)
    proof, cause = _closed(environment, "fix", "fix")
    reached = _reached(environment)
    proof = "; ".join(part for part in (proof, reached) if part)
    return Way(
        name=FIX_ORDERS,
        answer=answer,
        proof=proof,
        cause=cause,
        note=_fix_note(_part(environment, "budget")),
    )


def _fix_note(budget: Json | None) -> str:
    """FIX is gated by tier; REST and WebSocket are not."""
    if budget is None or str(budget["tier"]).lower() in _FIX_TIERS:
        return ""
    return (
        "FIX is for the tiers Premier and above by default, and the exchange says that"
        f" this account is {budget['tier']}. REST and WebSocket are for all."
    )


def _reached(environment: Json) -> str:
    """How far the way to FIX is proved without a logon, with its times."""
    steps = _steps(environment, "fix")
    told = [
        f"{step['layer'].upper()} {duration(step['elapsed_ms'])}"
        for step in steps
        if step["layer"] in ("tcp", "tls") and step["status"] in ("ok", "warned")
    ]
    return ", ".join(told)


# --- reading the document -------------------------------------------------------------


def _closed(environment: Json, endpoint: str, layer: str) -> tuple[str, Json | None]:
    """Why a way is not proved open, and the record of the cause that closes it."""
    for step in _steps(environment, endpoint):
        name = step["cause"] if step["status"] == "broken" else step["blocked_by"]
        if name is not None:
            cause = _cause(environment, name)
            return (str(cause["summary"]) if cause else str(name)), cause
        if step["layer"] == layer and step["status"] == "skipped":
            return str(step["facts"].get("skipped", "not asked")), None
    return "not asked", None


def _cause(environment: Json, name: str) -> Json | None:
    """A cause of the environment by its id."""
    return next((c for c in causes(environment) if c["id"] == name), None)


def causes(environment: Json) -> Iterator[Json]:
    """Every cause of the environment, the root cause first."""
    if environment["root_cause"] is not None:
        yield environment["root_cause"]
    yield from environment["other_causes"]


def _steps(environment: Json, endpoint: str) -> list[Json]:
    for journey in environment["journeys"]:
        if journey["endpoint"] == endpoint:
            return list(journey["steps"])
    return []


def _facts(environment: Json, endpoint: str, layer: str) -> Json:
    for step in _steps(environment, endpoint):
        if step["layer"] == layer:
            facts: Json = step["facts"]
            return facts
    return {}


def _part(environment: Json, name: str) -> Json | None:
    measurements = environment.get("measurements")
    part: Json | None = measurements[name] if measurements else None
    return part
