"""WebSocket: from the upgrade, with and without Origin, to a cause."""

from collections.abc import Sequence
from typing import Any

from kalshi_preflight.causes.findings import BlockedBy, Context, Finding, Found
from kalshi_preflight.causes.rules.http import answer_particulars
from kalshi_preflight.causes.rules.tls import after_handshake
from kalshi_preflight.model.evidence import Evidence, Facts, Failure

_SLOW_MS = 1000
_SUBSCRIPTION = "test_subscription_is_acknowledged"
_UPGRADE = "test_upgrade_succeeds"
_BY_STATUS = {400: "ws-upgrade-stripped", 426: "ws-upgrade-stripped"}


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the WebSocket step."""
    facts = evidence.facts
    upgrade = facts.get("upgrade", {})
    status = upgrade.get("status")
    notes = _origin(upgrade, facts.get("upgrade_with_origin", {}))
    if status is not None and status != 101:
        return [*_refused(facts, upgrade, context), *notes]
    if evidence.failure is not None:
        return [*_cut(evidence, evidence.failure), *notes]
    if status is None:
        return []
    return [*_conversation(facts, evidence.elapsed_ms), *notes]


def is_origin_refusal(answer: Facts) -> bool:
    """Whether a refusal is the one that a gorilla server gives for an ``Origin``.

    403 has one cause in its upgrade: "request origin not allowed"; every refusal of
    it carries ``Sec-WebSocket-Version: 13`` and the status text as its body.
    """
    return (
        answer.get("status") == 403
        and answer.get("headers", {}).get("sec-websocket-version") == "13"
        and str(answer.get("body", "")).strip() == "Forbidden"
    )


def _origin(upgrade: Facts, varied: Facts) -> list[Finding]:
    """One header made the difference: the two answers together are the proof."""
    # Without credentials a 401 is as good: the refusal stands before the key check.
    if upgrade.get("status") not in (101, 401) or not is_origin_refusal(varied):
        return []
    shown = {
        "origin": varied["origin"],
        "without": upgrade["status"],
        "with": varied["status"],
    }
    return [Found("ws-origin-refused", shown)]


def _refused(facts: Facts, upgrade: Facts, context: Context) -> list[Finding]:
    status = upgrade["status"]
    shown = answer_particulars(upgrade)
    is_exchange = upgrade.get("headers", {}).get("sec-websocket-version") == "13"
    is_json = "json" in str(shown["content_type"])
    match status:
        case 401:
            return _unauthorized(facts, shown, context)
        case 403:
            cause = "ws-forbidden" if is_json else "ws-forbidden-edge"
        case 404:
            cause = "ws-not-found" if is_json or is_exchange else "ws-upgrade-stripped"
        case 429:
            cause = "ws-rate-limited"
        case _ if status >= 500:
            cause = "ws-server-error"
        case _ if status in _BY_STATUS or 200 <= status < 400:
            cause = "ws-upgrade-stripped"
        case _:
            cause = "websocket-unclassified"
    return [Found(cause, shown)]


def _unauthorized(
    facts: Facts, shown: dict[str, Any], context: Context
) -> list[Finding]:
    """A 401 is the key's, unless REST took the same key in the same run."""
    if "API has been moved" in shown["body"]:
        return [Found("config-retired-host", {**shown, "current": "see the body"})]
    if asks := context.missing("rest-auth"):
        return asks
    auth = context.observations["rest-auth"]
    if auth.get("cause"):
        return [BlockedBy(auth["cause"])]
    return [Found("ws-unauthorized", {**shown, "signed": facts.get("signed", False)})]


def _cut(evidence: Evidence, failure: Failure) -> list[Finding]:
    """It ended before all was said: in the upgrade, or after it?"""
    facts = evidence.facts
    upgraded = facts.get("upgrade", {}).get("status") == 101
    shown = {
        "seconds": round(evidence.elapsed_ms / 1000, 1),
        "error": failure.text,
        "code": facts.get("close", {}).get("code", "none"),
        "reason": facts.get("close", {}).get("reason", "") or "none",
        "pong": "arrived" if "pong_ms" in facts else "missing",
    }
    match failure.kind:
        case "timeout" | "kernel-timeout" if upgraded:
            # With a pong the line is alive, and only the answer is missing.
            question = _SUBSCRIPTION if "pong_ms" in facts else None
            return [Found("ws-silent", shown, question=question)]
        case "timeout" | "kernel-timeout":
            cause = "ws-stalled"
        case "upgrade-invalid":
            cause = "ws-upgrade-invalid"
        case "reset" | "closed":
            question = _SUBSCRIPTION if upgraded else _UPGRADE
            return [Found("ws-closed", shown, question=question)]
        case "protocol" | "malformed" | "too-large":
            cause = "ws-protocol-error" if upgraded else "ws-upgrade-invalid"
        case _:
            return after_handshake(failure)
    return [Found(cause, shown)]


def _conversation(facts: Facts, elapsed_ms: float) -> list[Finding]:
    if error := facts.get("error"):
        return [Found("ws-subscription-refused", {**error})]
    if "acknowledged_ms" not in facts:
        seconds = round(elapsed_ms / 1000, 1)
        shown = {"seconds": seconds, "pong": "arrived"}
        return [Found("ws-silent", shown, question=_SUBSCRIPTION)]
    if facts.get("pong_ms", 0) > _SLOW_MS:
        seconds = round(facts["pong_ms"] / 1000, 1)
        return [Found("ws-slow", {"seconds": seconds})]
    return []
