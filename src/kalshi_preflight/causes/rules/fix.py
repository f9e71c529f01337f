"""FIX: from the offline checks, and from what came back, to a cause."""

from collections.abc import Mapping, Sequence
from typing import Any

from kalshi_preflight.causes.findings import BlockedBy, Context, Finding, Found
from kalshi_preflight.causes.rules import auth
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import Endpoint
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.fix_sessions import (
    FIX_HOSTS,
    FixSession,
    host_for,
    session_named,
    session_on,
)

#: Words of Text (58), in lower case, by what they stand for; the first that is met
#: counts. The first five are documented or recorded, the others are common to engines.
_TEXTS = (
    ("usage level is not allowed", "fix-logon-tier"),
    ("invalid targetcompid", "fix-logon-target"),
    ("already exists", "fix-logon-duplicate"),
    ("rate limit", "fix-logon-rate-limited"),
    ("retry with backoff", "fix-logon-rate-limited"),
    ("sendingtime", "fix-logon-clock"),
    ("signature", "fix-logon-signature"),
)
#: SessionRejectReason (373) that stands for one cause, whatever field it is about.
_REASONS = {8: "fix-logon-signature", 10: "fix-logon-clock"}
_COMP_ID_PROBLEM = 9
_RATE_LIMITED = 8  # BusinessRejectReason (380)
#: RefTagID (371) of a refused value that stands for one cause.
_TAGS = {52: "fix-logon-clock", 96: "fix-logon-signature"}
_MEANINGS = {
    0: "a tag number that is none",
    1: "a required field is missing",
    2: "a field that this message may not have",
    3: "a field that is not known there",
    4: "a field without a value",
    5: "a value that is not allowed",
    6: "a value in the wrong format",
    7: "a decryption problem",
    9: "a CompID that is not known there",
    11: "a message type that is not known there",
}
#: The live question that an answer of the exchange decides.
_QUESTIONS = {
    "Logon": "test_logon_is_accepted",
    "TestRequest": "test_heartbeat_is_answered",
    "Logout": "test_logout_is_answered",
}


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the FIX step: the key and the settings first, then the conversation."""
    spoken = _conversation(evidence, context)
    refused = any(isinstance(f, Found) and f.id == "fix-logon-target" for f in spoken)
    # The exchange's own word on the TargetCompID says it all.
    settings = [] if refused else _mismatch(context.endpoint)
    return [*auth.offline(context), *spoken, *settings]


def offline(context: Context) -> Sequence[Finding]:
    """What can be said of key and settings when nothing was sent."""
    return [*auth.offline(context), *_mismatch(context.endpoint)]


# --- settings -----------------------------------------------------------------------


def _mismatch(endpoint: Endpoint) -> list[Finding]:
    """Port, TargetCompID and host of the exchange's own that do not belong together."""
    host, port = endpoint.target.host, endpoint.target.port
    wanted, served = session_named(endpoint.target_comp_id), session_on(port)
    documented = any(host in hosts for hosts in FIX_HOSTS)
    if served is None and not (wanted and documented):
        return []  # a laboratory: nobody knows what belongs together there
    right = wanted or served
    assert right is not None  # one of the two is there, see above
    if served is wanted and (not documented or host_for(right, host) == host):
        return []
    shown = {
        "target_comp_id": endpoint.target_comp_id,
        "served": served.target_comp_id if served else "no session",
        **_place(right, host),
    }
    return [Found("fix-port-mismatch", shown)]


def _place(session: FixSession, host: str) -> dict[str, Any]:
    """Where a session is served, as particulars."""
    return {
        "right_target_comp_id": session.target_comp_id,
        "right_port": session.port,
        "right_host": host_for(session, host),
    }


# --- conversation -------------------------------------------------------------------


def _conversation(evidence: Evidence, context: Context) -> Sequence[Finding]:
    facts = evidence.facts
    shown = _particulars(evidence, context)
    if "logout" in facts:
        return _unanswered_logout(facts["logout"], shown)
    if "refusal" in facts:
        return _refused(facts, shown, context)
    if evidence.failure is not None:
        return _cut(evidence.failure, facts, shown)
    return []


def _particulars(evidence: Evidence, context: Context) -> dict[str, Any]:
    facts, failure = evidence.facts, evidence.failure
    served = session_on(context.endpoint.target.port)
    session = served or session_named(context.endpoint.target_comp_id)
    place = _place(session, context.endpoint.target.host) if session else _NO_PLACE
    return {
        "key_id": facts.get("key_id", "unknown"),
        "verifies": "yes" if facts.get("signature_verifies") else "no",
        "target_comp_id": context.endpoint.target_comp_id,
        "awaiting": facts.get("awaiting", "Logon"),
        "seconds": round(evidence.elapsed_ms / 1000, 1),
        "received": facts.get("received", []),
        "refusal": facts.get("refusal", "nothing"),
        "text": facts.get("text") or "(no text)",
        "meaning": _meaning(facts),
        "error": failure.text if failure else "none",
        "first_bytes": facts.get("first_bytes", "nothing readable"),
        "our_time": facts.get("our_time", "unknown"),
        "exchange_time": facts.get("exchange_time", "unknown"),
        "offset_seconds": facts.get("clock_offset_seconds", "an unknown number of"),
        **place,
    }


_NO_PLACE = {
    "right_target_comp_id": "unknown",
    "right_port": "unknown",
    "right_host": "unknown",
}


def _meaning(facts: Facts) -> str:
    """Reason and field of a refusal in words, where it gives them."""
    tag, reason = facts.get("reject_tag"), facts.get("reject_reason")
    field = f" (tag {tag})" if tag is not None else ""
    if reason is None:
        return f"no reason code{field}"
    return f"{_MEANINGS.get(reason, f'reason {reason}')}{field}"


def _refused(
    facts: Facts, shown: Mapping[str, Any], context: Context
) -> Sequence[Finding]:
    if facts["refusal"] == "Logout" and "logon_ms" in facts:
        # It let us in and then put us out: the key is not at fault.
        return [_found("fix-closed", shown)]
    cause = _cause_of(facts)
    if cause == "fix-logon-clock":
        if asks := context.missing("rest-auth"):
            return asks
        rest = context.observations["rest-auth"].get("cause")
        if rest in ("clock-skewed", "clock-wrong"):
            return [BlockedBy(rest)]
    return [_found(cause, shown)]


def _cause_of(facts: Facts) -> str:
    """The cause that a refusal stands for: by its codes, then by its words."""
    reason, tag = facts.get("reject_reason"), facts.get("reject_tag")
    if reason in _REASONS:
        return _REASONS[reason]
    if reason == _COMP_ID_PROBLEM and tag == 56:
        return "fix-logon-target"
    if reason is not None and tag in _TAGS:
        return _TAGS[tag]
    if facts.get("business_reject_reason") == _RATE_LIMITED:
        return "fix-logon-rate-limited"
    words = str(facts.get("text", "")).lower()
    return next((id_ for part, id_ in _TEXTS if part in words), "fix-logon-refused")


def _cut(failure: Failure, facts: Facts, shown: Mapping[str, Any]) -> Sequence[Finding]:
    """It ended, or nothing came: before the logon, or after it?"""
    match failure.kind:
        case "timeout" | "kernel-timeout" if shown["awaiting"] == "TestRequest":
            return [_found("fix-no-heartbeat", shown)]
        case "timeout" | "kernel-timeout":
            return [_found("fix-silent", shown)]
        case "malformed" | "too-large" | "not-tls" | "tls-protocol":
            return [_found("fix-garbled", shown)]
        case "closed" | "reset":
            return [_found("fix-closed", shown)]
        case kind if kind.startswith("tls-"):
            # Under TLS 1.3 a server can refuse the handshake after it is over for us.
            return [_found("fix-closed", shown)]
        case _:
            return []


def _unanswered_logout(logout: Facts, shown: Mapping[str, Any]) -> Sequence[Finding]:
    """Logon and heartbeat were proved, so this is a warning."""
    if "failure" not in logout:
        return []
    cause = "fix-silent" if logout["failure"] == "timeout" else "fix-closed"
    return [_found(cause, shown, Severity.WARNING)]


def _found(
    cause: str, shown: Mapping[str, Any], severity: Severity | None = None
) -> Found:
    """A finding on the question that the missing answer belongs to."""
    question = _QUESTIONS[shown["awaiting"]]
    return Found(cause, shown, severity=severity, question=question)
