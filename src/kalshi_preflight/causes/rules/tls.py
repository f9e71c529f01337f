"""TLS: from the failed handshake, or the certificate, to a cause."""

from collections.abc import Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.layer import Layer

_DAYS_LEFT = 14
#: Alerts and library reasons that stand for one cause.
_BY_KIND = {
    "tls-version": "tls-version-unsupported",
    "tls-no-shared-cipher": "tls-no-shared-cipher",
    "tls-client-certificate": "tls-client-certificate-required",
    "tls-name-not-recognised": "tls-name-not-recognised",
    "timeout": "tls-stalled",
    "kernel-timeout": "tls-stalled",
}
#: X.509 verify codes (OpenSSL, x509_vfy.h) that stand for one cause.
_BY_VERIFY_CODE = {
    9: "tls-certificate-not-yet-valid",
    10: "tls-certificate-expired",
    18: "tls-self-signed",
    62: "tls-hostname-mismatch",
    64: "tls-hostname-mismatch",
}


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the TLS step."""
    failure = evidence.failure
    if failure is None:
        return _expiring(evidence.facts)
    if failure.kind == "certificate":
        return _untrusted(failure, context)
    facts = evidence.facts
    if "first_bytes" in facts or failure.kind == "not-tls":
        shown = {"first_bytes": facts.get("first_bytes", "nothing readable")}
        return [Found("tls-plaintext", shown)]
    kind = facts.get("alert_kind", failure.kind)
    if kind in ("reset", "closed"):
        return _cut(kind, facts, context)
    if cause := _BY_KIND.get(kind):
        return [Found(cause, _handshake_particulars(evidence, failure))]
    return []


def _expiring(facts: Facts) -> list[Finding]:
    days = facts.get("days_left")
    if days is None or days >= _DAYS_LEFT:
        return []
    shown = {name: facts[name] for name in ("not_after", "issuer", "subject")}
    return [Found("tls-certificate-expiring", {"days": days, **shown})]


def _handshake_particulars(evidence: Evidence, failure: Failure) -> dict[str, Any]:
    return {
        "seconds": round(evidence.elapsed_ms / 1000, 1),
        "received_bytes": evidence.facts.get("received_bytes", 0),
        "alert": evidence.facts.get("alert", failure.code),
    }


def _cut(kind: str, facts: Facts, context: Context) -> Sequence[Finding]:
    """A reset or an end in the handshake: whose, the listener's or TLS's?"""
    if facts.get("received_bytes", 0) == 0:
        if asks := context.missing("silent-connection"):
            return asks
        outcome = context.observations["silent-connection"].get("outcome")
        if outcome in ("reset", "closed"):
            particulars = {"addresses": _address(context)}
            return [
                Found("tcp-reset", particulars, Layer.TCP, question="test_connects")
            ]
    shown = {"received_bytes": facts.get("received_bytes", 0)}
    return [Found("tls-reset" if kind == "reset" else "tls-closed", shown)]


def _address(context: Context) -> str:
    tcp = context.lower.get(Layer.TCP)
    return str(tcp.facts.get("connected_to", "")) if tcp else ""


def _untrusted(failure: Failure, context: Context) -> Sequence[Finding]:
    if asks := context.missing("unverified-chain"):
        return asks
    chain = context.observations["unverified-chain"].get("chain", [])
    cause = _BY_VERIFY_CODE.get(failure.code or 0, "tls-unknown-issuer")
    return [Found(cause, _chain_particulars(chain, failure))]


def _chain_particulars(chain: list[Facts], failure: Failure) -> dict[str, Any]:
    leaf = chain[0] if chain else {}
    return {
        "verify_code": failure.code,
        "subject": leaf.get("subject", "unknown"),
        "issuer": leaf.get("issuer", "unknown"),
        "names": ", ".join(leaf.get("names", [])) or "none",
        "not_before": leaf.get("not_before", "unknown"),
        "not_after": leaf.get("not_after", "unknown"),
        "days_past": -leaf["days_left"] if "days_left" in leaf else None,
        "chain_length": len(chain),
    }
