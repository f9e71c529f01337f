"""WebSocket: from the upgrade, with and without Origin, to a cause."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kalshi_preflight.causes.findings import BlockedBy, Context, Finding, Found
from kalshi_preflight.causes.rules.answers import (
    answer_particulars,
    header,
    is_page,
    location_of,
    moved_to,
)
from kalshi_preflight.causes.rules.tls import after_handshake
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.evidence import Evidence, Facts, Failure

_SLOW_MS = 1000
_SUBSCRIPTION = "test_subscription_is_acknowledged"
_UPGRADE = "test_upgrade_succeeds"
_ORIGIN = "test_origin_header"
#: Go's router, which says so of a path that it does not know.
_ROUTER = "404 page not found"


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the WebSocket step."""
    facts = evidence.facts
    upgrade = facts.get("upgrade", {})
    status = upgrade.get("status")
    notes = _origin(facts, context)
    if status is not None and status != 101:
        return [*_refused(upgrade, facts, context), *notes]
    if evidence.failure is not None:
        return [*_cut(evidence, evidence.failure), *notes]
    if status is None:
        return []
    return [*_enforced(facts), *_conversation(evidence), *notes]


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


def _origin(facts: Facts, context: Context) -> list[Finding]:
    """One header made the difference: without, with, and without again."""
    upgrade, varied = facts.get("upgrade", {}), facts.get("upgrade_with_origin", {})
    # Without credentials a 401 is as good: the refusal stands before the key check.
    if varied.get("status") != 403 or upgrade.get("status") not in (101, 401):
        return []
    again = facts.get("upgrade_again", {})
    if again.get("status") is None:
        return []  # no third answer, so no verdict
    found: list[Finding]
    if again["status"] != upgrade["status"]:
        # The server flaps: what it said last is what is wrong with it.
        found = _refused(again, facts, context)
    elif is_origin_refusal(varied):
        shown = {
            "origin": varied["origin"],
            "without": upgrade["status"],
            "with": varied["status"],
        }
        return [Found("ws-origin-refused", shown)]
    else:
        about = "only an upgrade with an Origin header is refused so"
        shown = {**answer_particulars(varied), "about": about}
        found = [Found("ws-forbidden-edge", shown)]
    return [
        replace(finding, severity=Severity.WARNING, question=_ORIGIN)
        for finding in found
        if isinstance(finding, Found)
    ]


def _enforced(facts: Facts) -> list[Finding]:
    """The upgrade with a damaged signature has to be refused."""
    damaged = facts.get("upgrade_damaged", {})
    if damaged.get("status") != 101:
        return []
    return [Found("auth-not-enforced", answer_particulars(damaged))]


def _refused(upgrade: Facts, facts: Facts, context: Context) -> list[Finding]:
    status, error = upgrade["status"], upgrade.get("error")
    shown = answer_particulars(upgrade)
    if moved := moved_to(upgrade, context):
        return [Found("config-retired-host", {**shown, "current": moved})]
    cause = "ws-upgrade-stripped"
    if status == 401 and (error or not is_page(upgrade)):
        return _unauthorized(facts, shown, context)
    if status in (401, 403):
        cause = "ws-forbidden" if error else "ws-forbidden-edge"
        shown = {**shown, "about": _about_refusal(upgrade)}
    elif status in (404, 410) or 300 <= status < 400:
        cause = "ws-not-found" if _is_exchange(upgrade, context) else cause
    elif status == 408:
        seconds = round(upgrade.get("elapsed_ms", 0) / 1000, 1)
        return [Found("ws-stalled", {**shown, "seconds": seconds})]
    elif status == 429:
        cause = "ws-rate-limited"
    elif status >= 500 and status != 511:
        cause = "ws-server-error"
    return [Found(cause, shown)]


def _is_exchange(upgrade: Facts, context: Context) -> bool:
    """Whether the exchange itself says that the path is not known, or another one."""
    location = location_of(upgrade)
    here = location.hostname in (None, context.endpoint.target.host)
    if 300 <= upgrade["status"] < 400:
        return here and bool(location.path)
    return (
        bool(upgrade.get("error"))
        or header(upgrade, "sec-websocket-version") == "13"
        or str(upgrade.get("body", "")).startswith(_ROUTER)
    )


def _about_refusal(upgrade: Facts) -> str:
    if is_origin_refusal(upgrade):
        return (
            "these are the exchange's words for an Origin header, and none was sent:"
            " something on the way adds one"
        )
    return "no Origin header was sent"


def _unauthorized(
    facts: Facts, shown: dict[str, Any], context: Context
) -> list[Finding]:
    """A 401 is the key's, unless REST took the same key in the same run."""
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
        "error": failure.text or failure.kind,
        "progress": "after" if "acknowledged_ms" in facts else "before",
        "code": _close_code(facts),
        "reason": facts.get("close", {}).get("reason", "") or "none",
        "pong": "arrived" if "pong_ms" in facts else "missing",
    }
    if upgraded and str(facts.get("first_bytes", "")).startswith("HTTP/"):
        # A page is shorter than the frame it seems to begin, so it only looks cut.
        page = f"it begins with {facts['first_bytes']}"
        return [Found("ws-protocol-error", {**shown, "error": page})]
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


def _close_code(facts: Facts) -> int | str:
    """The code as it came; 1005 stands for none (RFC 6455 §7.1.5)."""
    code = facts.get("close", {}).get("code", "none")
    return "none" if code == 1005 else code


def _conversation(evidence: Evidence) -> list[Finding]:
    facts = evidence.facts
    if error := facts.get("error"):
        return [Found("ws-subscription-refused", {**error})]
    if "acknowledged_ms" not in facts:
        seconds = round(evidence.elapsed_ms / 1000, 1)
        shown = {"seconds": seconds, "pong": "arrived"}
        return [Found("ws-silent", shown, question=_SUBSCRIPTION)]
    if facts.get("pong_ms", 0) - evidence.late_ms > _SLOW_MS:
        seconds = round(facts["pong_ms"] / 1000, 1)
        return [Found("ws-slow", {"seconds": seconds})]
    return []
