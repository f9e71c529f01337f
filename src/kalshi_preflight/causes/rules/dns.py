"""DNS: from what resolver and system said to a cause."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules.offline import machine_is_offline
from kalshi_preflight.model.evidence import Evidence, Facts
from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS

_SLOW_MS = 1000
#: Extended DNS Errors by which a resolver says that it filters (RFC 8914 §4.16-4.19).
_FILTERED = {15, 16, 17, 18}
#: getaddrinfo's kinds, as the rcodes that a resolver would have given.
_RCODES = {
    "name-not-found": "NXDOMAIN",
    "name-try-again": "SERVFAIL",
    "name-server-failed": "SERVFAIL",
    "name-no-address": "NOERROR",
}


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the DNS step."""
    if evidence.skipped is not None:
        return []
    if evidence.facts.get("addresses"):
        return [*_misled(evidence.facts, context), *_slow(evidence)]
    return _unresolved(evidence, context)


def _slow(evidence: Evidence) -> list[Finding]:
    if evidence.elapsed_ms <= _SLOW_MS:
        return []
    return [Found("dns-slow", {"seconds": round(evidence.elapsed_ms / 1000, 1)})]


# --- a name that resolves, but to what? --------------------------------------------


def _misled(facts: Facts, context: Context) -> list[Finding]:
    addresses, direct = facts["addresses"], facts.get("resolver_addresses", [])
    strange = [a for a in addresses if not _is_right(a, context)]
    overridden = bool(direct) and not set(direct) & set(
        facts.get("system_addresses", direct)
    )
    if not overridden and len(strange) < len(addresses):
        return []
    if asks := context.missing("hosts-file"):
        return asks
    if override := _override(facts, context):
        return [override]
    return _sinkholed(strange, facts, context) if len(strange) == len(addresses) else []


def _override(facts: Facts, context: Context) -> Found | None:
    found = context.observations["hosts-file"]
    direct = set(facts.get("resolver_addresses", []))
    for line in found.get("lines", []):
        if line["address"] in facts.get("system_addresses", []) and (
            line["address"] not in direct
        ):
            particulars = {
                "file": found["file"],
                "line": line["number"],
                "address": line["address"],
                "addresses": ", ".join(sorted(direct)) or "none",
            }
            return Found("dns-hosts-override", particulars)
    return None


def _sinkholed(strange: list[str], facts: Facts, context: Context) -> list[Finding]:
    if asks := context.missing("second-resolver"):
        return asks
    shown = {
        "resolver": facts.get("resolver", "the system's resolver"),
        "answer": ", ".join(strange),
    }
    if second := _second_opinion(context):
        return [Found("dns-blocked-here", {**shown, **second})]
    return [Found("dns-sinkholed", shown)]


def _is_right(address: str, context: Context) -> bool:
    """Whether a journey may end there: public, or loopback in a laboratory."""
    ip = ip_address(address.split("%", 1)[0])
    return ip.is_global or (ip.is_loopback and _is_laboratory(context))


def _is_laboratory(context: Context) -> bool:
    resolver = context.environment.resolver
    if context.endpoint.target.host == "localhost":
        return True
    return bool(
        resolver and resolver.is_address and ip_address(resolver.host).is_loopback
    )


# --- a name that does not resolve ---------------------------------------------------


def _unresolved(evidence: Evidence, context: Context) -> Sequence[Finding]:
    facts = evidence.facts
    rcode = facts.get("rcode")
    if rcode == "NOERROR" and facts.get("resolver_addresses"):
        # The resolver knows the name, the system's own way of looking up does not.
        kind = facts.get("system_failure", {}).get("kind", "")
        rcode = _RCODES.get(kind, "SERVFAIL")
        if rcode == "NXDOMAIN":
            return [Found("dns-blocked-here", _system_alone(facts))]
    match rcode:
        case "NXDOMAIN":
            return _name_error(facts, context)
        case "REFUSED":
            return _refused(facts, context)
        case "NOERROR":
            return [Found("dns-no-address", _shown(facts))]
        case None:
            return _silent(evidence, context)
        case _:
            return _server_failure(facts, context)


def _shown(facts: Facts) -> dict[str, Any]:
    return {
        "resolver": facts.get("resolver") or "none",
        "rcode": facts.get("rcode") or "no answer",
        "ede": "; ".join(facts.get("ede", [])) or "none",
    }


def _system_alone(facts: Facts) -> dict[str, Any]:
    return {
        "resolver": "the system's own look-up",
        "answer": "not found",
        "second": facts["resolver"],
        "addresses": ", ".join(facts["resolver_addresses"]),
    }


def _name_error(facts: Facts, context: Context) -> Sequence[Finding]:
    host = context.endpoint.target.host
    if retired := RETIRED_HOSTS.get(host):
        return [Found("config-retired-host", {"current": retired.current})]
    if asks := context.missing("second-resolver"):
        return asks
    shown = _shown(facts)
    second = _second_opinion(context)
    if second or _FILTERED & set(facts.get("ede_codes", [])):
        second = second or {"second": "the resolver itself", "addresses": shown["ede"]}
        return [Found("dns-blocked-here", {**shown, "answer": "NXDOMAIN", **second})]
    return [Found("dns-name-not-found", shown)]


def _refused(facts: Facts, context: Context) -> Sequence[Finding]:
    if asks := context.missing("second-resolver", "control-names"):
        return asks
    shown = _shown(facts)
    others = context.observations["control-names"].get("answers", [])
    second = _second_opinion(context)
    if second and any(answer.get("addresses") for answer in others):
        return [Found("dns-blocked-here", {**shown, "answer": "REFUSED", **second})]
    return [Found("dns-refused", shown)]


def _server_failure(facts: Facts, context: Context) -> Sequence[Finding]:
    if facts.get("rcode") == "SERVFAIL":
        if asks := context.missing("checking-disabled"):
            return asks
        unchecked = context.observations["checking-disabled"]
        if unchecked.get("addresses"):
            addresses = ", ".join(unchecked["addresses"])
            shown = {**_shown(facts), "addresses": addresses}
            return [Found("dns-dnssec-bogus", shown)]
    return [Found("dns-server-failure", _shown(facts))]


def _silent(evidence: Evidence, context: Context) -> Sequence[Finding]:
    if asks := context.missing("controls"):
        return asks
    facts = evidence.facts
    kind = facts.get("resolver_failure", {}).get("kind", "timeout")
    if machine_is_offline(context):
        return [Found("network-offline", _tried(context))]
    if kind == "dns-malformed":
        shown = {**_shown(facts), "rcode": "an answer that is not DNS"}
        return [Found("dns-server-failure", shown)]
    if kind == "illegal-name":
        return [
            Found("dns-name-not-found", {**_shown(facts), "rcode": "no legal name"})
        ]
    seconds = round(evidence.elapsed_ms / 1000, 1)
    return [
        Found(
            "dns-resolver-silent", {**_shown(facts), "seconds": seconds, "kind": kind}
        )
    ]


def _tried(context: Context) -> dict[str, Any]:
    asked = context.observations["controls"]["asked"]
    return {"controls": ", ".join(asked)}


def _second_opinion(context: Context) -> dict[str, Any] | None:
    """The first other resolver that gives a right address for the name."""
    answers: Iterable[Facts] = context.observations.get("second-resolver", {}).get(
        "answers", []
    )
    for answer in answers:
        right = [a for a in answer.get("addresses", []) if _is_right(a, context)]
        if right:
            return {"second": answer["resolver"], "addresses": ", ".join(right)}
    return None
