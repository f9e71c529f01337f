"""The proxy's part of the TCP step: reached, willing, and who is asking?"""

from collections.abc import Mapping, Sequence
from typing import Any

from kalshi_preflight.causes.findings import Finding, Found
from kalshi_preflight.model.evidence import Evidence, Facts

#: How a proxy ends a CONNECT without answering it, in words.
_SILENCES = {
    "timeout": "it takes CONNECT and does not answer",
    "closed": "it closes the connection without an answer",
    "reset": "it resets the connection without an answer",
    "protocol": "what it answers is not HTTP",
    "not-tls": "it does not speak TLS, as https:// in its URL says",
    "certificate": "its own certificate is not trusted",
}


def judge(evidence: Evidence) -> Sequence[Finding]:
    """Judge what became of CONNECT, at a proxy that was reached."""
    facts = evidence.facts
    answer = facts.get("connect", {})
    status = answer.get("status")
    if status == 407:
        return [wants_to_know(_answered(facts, answer))]
    if status is not None and not 200 <= status < 300:
        return [Found("proxy-refused-connect", _answered(facts, answer))]
    if evidence.failure is not None:
        kind = evidence.failure.kind
        error = _SILENCES.get(kind) or evidence.failure.text or kind
        return [Found("proxy-unreachable", {**_proxy(facts), "error": error})]
    return _implied(facts)


def unreachable(evidence: Evidence, failed: list[Facts]) -> Sequence[Finding]:
    """Judge a proxy that was not reached, or whose URL leads nowhere."""
    shown = _proxy(evidence.facts)
    failure = evidence.failure
    if failure is not None and failure.kind == "unusable-proxy":
        return [Found("proxy-misconfigured", {**shown, "problem": failure.text})]
    tried = [f"{a['address']}: {a['failure']['text']}" for a in failed]
    return [Found("proxy-unreachable", {**shown, "error": "; ".join(tried)})]


def wants_to_know(answered: Mapping[str, Any]) -> Found:
    """The finding for a 407: of the proxy that is set, or of one that nobody set.

    ``answered`` has ``proxy`` (empty where no setting names one), ``setting``,
    ``server`` and ``schemes``.
    """
    who = f"The proxy {answered['proxy']} ({answered['setting']})"
    if not answered["proxy"]:
        who = f"A proxy on the way that no setting names (server: {answered['server']})"
    return Found("proxy-authentication-required", {**answered, "who": who})


def _implied(facts: Facts) -> list[Finding]:
    """Httpx reads a URL without a scheme, websockets does not: REST alone works."""
    if not facts.get("scheme_is_implied"):
        return []
    return [Found("proxy-scheme-missing", _proxy(facts))]


def _proxy(facts: Facts) -> dict[str, Any]:
    return {"proxy": facts["proxy"], "setting": facts["proxy_setting"]}


def _answered(facts: Facts, answer: Facts) -> dict[str, Any]:
    headers = answer.get("headers", {})
    return {
        **_proxy(facts),
        "status": answer["status"],
        "reason": answer.get("reason") or "no reason",
        "server": headers.get("server") or headers.get("via") or "unnamed",
        "schemes": headers.get("proxy-authenticate", "none"),
        "squid": headers.get("x-squid-error", "none"),
        "body": str(answer.get("body", ""))[:200] or "nothing",
    }
