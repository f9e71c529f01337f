"""HTTP: from the answer of the public status endpoint to a cause."""

from collections.abc import Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules import answers
from kalshi_preflight.causes.rules.answers import answer_particulars, header
from kalshi_preflight.causes.rules.proxy import wants_to_know
from kalshi_preflight.causes.rules.tls import after_handshake
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.layer import Layer

_SLOW_MS = 2000
#: Codes that come with a status body when the exchange itself answers
#: (docs.kalshi.com, get-exchange-status).
_STATUS_BODY = {500, 503, 504}
_BY_STATUS = {
    404: "http-not-found",
    405: "http-not-found",
    408: "http-stalled",
    429: "http-rate-limited",
    451: "http-unavailable-legally",
    502: "http-bad-gateway",
    503: "http-bad-gateway",
    504: "http-bad-gateway",
    511: "http-captive-portal",
}
#: The connection is lost, or the next one does not come about.
_LOST = {
    *("reset", "closed", "refused", "prohibited"),
    *("host-unreachable", "network-unreachable"),
}
_JSON_WORDS = {
    "": "missing",
    "NoneType": "null",
    "bool": "true or false",
    "dict": "an object",
    "float": "a number",
    "int": "a number",
    "list": "a list",
    "str": "a string",
}
#: How every answer of HTTP/1 begins (RFC 9112 §4).
_STATUS_LINE = "HTTP/1."


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the HTTP step."""
    if evidence.failure is not None:
        return no_answer(evidence, evidence.failure)
    facts = evidence.facts
    if "status" not in facts:
        return []
    if broken := _broken(facts, context):
        return broken
    return [*_paused(facts), *_stale(facts), *_slow(facts, evidence.late_ms)]


# --- no whole answer ----------------------------------------------------------------


def no_answer(evidence: Evidence, failure: Failure) -> list[Finding]:
    """Judge a request that did not get a whole answer; shared with the auth step."""
    facts = evidence.facts
    begun = "status" in facts
    shown = {
        "seconds": round(evidence.elapsed_ms / 1000, 1),
        "error": failure.text or failure.kind,
        "progress": _progress(facts),
        "first_bytes": facts.get("first_bytes") or "none",
    }
    match failure.kind:
        case "timeout" | "kernel-timeout":
            cause = "http-stalled"
        case "decoding":
            cause = "http-truncated"
        case "too-large":
            cause = "http-body-too-large" if begun else "http-protocol-error"
        case kind if kind in _LOST:
            cause = "http-truncated" if begun else "http-connection-closed"
        case "protocol":
            cause = "http-truncated" if begun else _without_head(facts)
        case _:
            return after_handshake(failure)
    return [Found(cause, shown)]


def _without_head(facts: Facts) -> str:
    """Hung up on, or answered in another language? The bytes tell, not the library."""
    begins_well = _begins_well(str(facts.get("first_bytes", "")))
    hung_up = facts.get("ended") and begins_well
    return "http-connection-closed" if hung_up else "http-protocol-error"


def _begins_well(first_bytes: str) -> bool:
    """Whether nothing came, or the beginning of an answer of HTTP/1."""
    return first_bytes.startswith(_STATUS_LINE) or _STATUS_LINE.startswith(first_bytes)


def _progress(facts: Facts) -> str:
    received = facts.get("received_bytes", 0)
    if "status" in facts:
        return f"status {facts['status']} and {received} bytes in all had come"
    return f"{received} bytes of a head had come" if received else "nothing had come"


# --- an answer, but which? ----------------------------------------------------------


def _broken(facts: Facts, context: Context) -> list[Finding]:
    """The cause for which the answer is not the exchange's good status, if any."""
    shown = answer_particulars(facts)
    status = facts["status"]
    if facts.get("exchange_active") is False and status in {200, *_STATUS_BODY}:
        resume = facts.get("resume_time", "not announced")
        return [Found("exchange-paused", {**shown, "resume_time": resume})]
    if 200 <= status < 300:
        return content(facts) or _shape(facts, shown)
    return refused(facts, context)


def refused(facts: Facts, context: Context) -> list[Finding]:
    """Judge an answer that is no success, by status and by who wrote it."""
    shown = answer_particulars(facts)
    status, error = facts["status"], facts.get("error")
    if moved := answers.moved_to(facts, context):
        return [Found("config-retired-host", {**shown, "current": moved})]
    if answers.is_challenge(facts):
        return edge(facts)
    if answers.is_unknown_path(facts):
        return [Found("http-not-found", shown)]
    if 300 <= status < 400:
        portal = answers.leads_to_portal(facts, context)
        return [Found("http-captive-portal" if portal else "http-redirected", shown)]
    if status in (401, 403) and not error:
        return forbidden(facts, context)
    waited = {
        "seconds": round(facts.get("elapsed_ms", 0) / 1000, 1),
        "progress": _progress(facts),
        "first_bytes": facts.get("first_bytes") or "none",
    }
    by_status = Found(_by_status(status), {**shown, **waited})
    return [_proxy(shown, facts, context) if status == 407 else by_status]


def _proxy(shown: dict[str, Any], facts: Facts, context: Context) -> Found:
    """A 407 within the tunnel, or without one: only proxies say that (RFC 9110)."""
    tcp = context.lower.get(Layer.TCP)
    way = tcp.facts if tcp else {}
    named = {"proxy": way.get("proxy", ""), "setting": way.get("proxy_setting", "none")}
    schemes = header(facts, "proxy-authenticate") or "none"
    return wants_to_know({**shown, **named, "schemes": schemes})


def _by_status(status: int) -> str:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 520 <= status <= 530:
        # Cloudflare's own codes: it reaches no working origin.
        return "http-bad-gateway"
    if 500 <= status < 600:
        return "http-server-error"
    return "http-request-refused" if status < 500 else "http-protocol-error"


def forbidden(facts: Facts, context: Context) -> list[Finding]:
    """A refusal without a JSON error: the edge's, and perhaps the country's.

    On some hosts a blocked country gets a page without a word; then the other
    environment, which is open to every country, tells the two apart.
    """
    if answers.names_country(facts):
        shown = {**answer_particulars(facts), "sibling": "not asked"}
        return [Found("http-country-blocked", shown)]
    if facts["status"] != 403 or not answers.is_wordless(facts):
        return edge(facts)
    if context.environment.sibling is None or context.environment.name == "demo":
        return edge(facts)
    if asks := context.missing("sibling-status"):
        return asks
    other = context.observations["sibling-status"]
    answered = f"{other.get('environment', 'the other environment')} answers "
    answered += str(other.get("status", "nothing"))
    if other.get("status") == 200:
        shown = {**answer_particulars(facts), "sibling": answered}
        return [Found("http-country-blocked", shown)]
    return edge(facts, answered)


def edge(facts: Facts, sibling: str = "not asked") -> list[Finding]:
    """A refusal by what stands in front of the exchange."""
    shown = {**answer_particulars(facts), "sibling": sibling}
    return [Found("http-forbidden-edge", shown)]


def content(facts: Facts) -> list[Finding]:
    """Judge the body of a success, as long as it is not JSON; shared with auth."""
    shown = {**answer_particulars(facts), "reason": facts.get("unparsed", "no JSON")}
    if answers.is_challenge(facts):
        return edge(facts)
    if answers.is_portal(facts):
        return [Found("http-captive-portal", shown)]
    if "unparsed" not in facts:
        return []
    # By the first character, not by the label: proxies label anything as anything.
    begins = str(facts.get("body", "")).lstrip("\ufeff \t\r\n")[:1]
    is_json = begins != "" and begins in "{["
    return [Found("http-malformed-json" if is_json else "http-not-json", shown)]


def _shape(facts: Facts, shown: dict[str, Any]) -> list[Finding]:
    for field in ("exchange_active", "trading_active"):
        if not isinstance(facts.get(field), bool):
            given = json_word(type(facts[field]).__name__ if field in facts else "")
            return [Found("http-schema-drift", {**shown, "field": field, "is": given})]
    return []


def json_word(type_name: str) -> str:
    """What JSON calls a value of this Python type; empty for a field that is gone."""
    return _JSON_WORDS.get(type_name, type_name)


# --- a good answer ------------------------------------------------------------------


def _paused(facts: Facts) -> list[Finding]:
    resume = facts.get("resume_time", "not announced")
    if facts.get("trading_active") is False:
        return [Found("trading-paused", {"resume_time": resume, "part": "all of it"})]
    if paused := facts.get("paused_shards"):
        return [Found("trading-paused", {"resume_time": resume, "part": paused})]
    return []


def _stale(facts: Facts) -> list[Finding]:
    age_seconds = facts.get("copy_age_seconds")
    if age_seconds is None or age_seconds <= answers.STALE_SECONDS:
        return []
    cache = header(facts, "x-cache") or "unnamed"
    return [Found("http-stale", {"age_seconds": age_seconds, "cache": cache})]


def _slow(facts: Facts, late_ms: float) -> list[Finding]:
    elapsed_ms = facts.get("elapsed_ms", 0)
    if elapsed_ms - late_ms <= _SLOW_MS:
        return []
    return [Found("http-slow", {"seconds": round(elapsed_ms / 1000, 1)})]
