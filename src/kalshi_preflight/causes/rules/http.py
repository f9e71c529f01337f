"""HTTP: from the answer of the public status endpoint to a cause."""

import re
from collections.abc import Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules.tls import after_handshake
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS

_SLOW_MS = 2000
_MOVED = re.compile(r"API has been moved to (https://[A-Za-z0-9.-]+)")
_COUNTRY = "block access from your country"
#: Codes that come with a status body when the exchange itself answers
#: (docs.kalshi.com, get-exchange-status).
_STATUS_BODY = {200, 500, 503, 504}
_BY_STATUS = {
    404: "http-not-found",
    429: "http-rate-limited",
    451: "http-unavailable-legally",
    500: "http-server-error",
    502: "http-bad-gateway",
    503: "http-bad-gateway",
    504: "http-bad-gateway",
    511: "http-captive-portal",
}


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the HTTP step."""
    if evidence.failure is not None:
        return no_answer(evidence, evidence.failure)
    facts = evidence.facts
    if "status" not in facts:
        return []
    if broken := _answered(facts, context):
        return [broken]
    return [*_paused(facts), *_stale(facts), *_slow(facts)]


def no_answer(evidence: Evidence, failure: Failure) -> list[Finding]:
    """Judge a request that did not get a whole answer; shared with the auth step."""
    facts = evidence.facts
    begun = "status" in facts
    shown = {
        "seconds": round(evidence.elapsed_ms / 1000, 1),
        "status": facts.get("status"),
        "error": failure.text,
    }
    match failure.kind:
        case "timeout" | "kernel-timeout":
            cause = "http-stalled"
        case "reset" | "closed":
            cause = "http-truncated" if begun else "http-connection-closed"
        case "protocol":
            cause = _protocol(failure, begun)
        case "decoding":
            cause = "http-truncated"
        case "too-large":
            cause = "http-body-too-large"
        case _:
            return after_handshake(failure)
    return [Found(cause, shown)]


def _protocol(failure: Failure, begun: bool) -> str:
    if begun:
        return "http-truncated"
    # h11 says "without sending a response" where the peer just hung up.
    hung_up = "closed connection" in failure.text or "without sending" in failure.text
    return "http-connection-closed" if hung_up else "http-protocol-error"


def answer_particulars(facts: Facts) -> dict[str, Any]:
    """What every hint about an answer may name."""
    headers = facts.get("headers", {})
    return {
        "status": facts.get("status"),
        "content_type": headers.get("content-type", "none"),
        "server": headers.get("server", "unnamed"),
        "location": headers.get("location", "none"),
        "request_id": headers.get("x-amz-cf-id", "none"),
        "exchange_time": facts.get("exchange_time", "unknown"),
        "body": str(facts.get("body", ""))[:200],
        "error": f"HTTP {facts.get('status')}",
    }


def _answered(facts: Facts, context: Context) -> Found | None:
    """The cause for which the answer is not the exchange's good status, if any."""
    shown = answer_particulars(facts)
    if moved := moved_to(facts, context):
        return Found("config-retired-host", {**shown, "current": moved})
    status = facts["status"]
    if status in _STATUS_BODY and facts.get("exchange_active") is False:
        resume = facts.get("resume_time", "not announced")
        return Found("exchange-paused", {**shown, "resume_time": resume})
    if status == 200:
        return _content(facts, shown)
    if 300 <= status < 400:
        return Found("http-redirected", shown)
    if status == 403:
        return forbidden(facts)
    unnamed = "http-server-error" if status > 500 else "http-unclassified"
    return Found(_BY_STATUS.get(status, unnamed), shown)


def moved_to(facts: Facts, context: Context) -> str | None:
    """The current host, if this one is retired; its 401 is not about a key."""
    if match := _MOVED.match(str(facts.get("body", ""))):
        return match[1].removeprefix("https://")
    retired = RETIRED_HOSTS.get(context.endpoint.target.host)
    return retired.current if retired and facts["status"] != 200 else None


def forbidden(facts: Facts) -> Found:
    """A 403 without a JSON error: the edge's, and perhaps the country's."""
    shown = answer_particulars(facts)
    country = _COUNTRY in str(facts.get("body", ""))
    return Found("http-country-blocked" if country else "http-forbidden-edge", shown)


def _content(facts: Facts, shown: dict[str, Any]) -> Found | None:
    """A 200: is it the status document?"""
    is_html = "html" in str(shown["content_type"]).lower()
    if is_html or str(shown["body"]).lstrip().startswith("<"):
        return Found("http-captive-portal", shown)
    if facts.get("json") is None:
        is_json = "json" in str(shown["content_type"]).lower()
        cause = "http-malformed-json" if is_json else "http-not-json"
        return Found(cause, {**shown, "bytes": facts.get("body_bytes", 0)})
    for field in ("exchange_active", "trading_active"):
        if not isinstance(facts.get(field), bool):
            return Found("http-schema-drift", {**shown, "field": field})
    return None


def _paused(facts: Facts) -> list[Finding]:
    if facts.get("trading_active") is False:
        resume = facts.get("resume_time", "not announced")
        return [Found("trading-paused", {"resume_time": resume})]
    return []


def _stale(facts: Facts) -> list[Finding]:
    age = facts.get("headers", {}).get("age")
    if age is None:
        return []
    cache = facts["headers"].get("x-cache", "unnamed")
    return [Found("http-stale", {"age_seconds": age, "cache": cache})]


def _slow(facts: Facts) -> list[Finding]:
    elapsed_ms = facts.get("elapsed_ms", 0)
    if elapsed_ms <= _SLOW_MS:
        return []
    return [Found("http-slow", {"seconds": round(elapsed_ms / 1000, 1)})]
