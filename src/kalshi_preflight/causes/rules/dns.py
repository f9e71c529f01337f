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
#: Those by which it says that it was asked too often (31, 32: IANA's registry).
_LIMITED = {31, 32}
#: How a resolver cannot be reached by a machine that may have no network at all.
_UNREACHABLE = {"network-unreachable", "host-unreachable", "no-resolver", "prohibited"}
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
    facts = evidence.facts
    if exhausted := _exhausted(facts):
        return [Found("tcp-local-exhaustion", {"error": exhausted})]
    if "proxy" in facts:
        return _slow(evidence) if facts.get("addresses") else _lost(evidence, context)
    if facts.get("addresses"):
        misled = _misled(facts, context)
        return misled or _slow(evidence)
    return _unresolved(evidence, context)


def _exhausted(facts: Facts) -> str | None:
    """What the machine lacks to ask at all, if it does.

    Without descriptors getaddrinfo says "name not known", of all things.
    """
    if facts.get("addresses"):
        return None
    failures = [facts.get(f"{who}_failure", {}) for who in ("resolver", "system")]
    return next((f["text"] for f in failures if f.get("kind") == "exhausted"), None)


def _slow(evidence: Evidence) -> list[Finding]:
    unanswered = evidence.facts.get("unanswered", [])
    if evidence.elapsed_ms - evidence.late_ms <= _SLOW_MS and not unanswered:
        return []
    silent = f"{' and '.join(unanswered)} is never answered" if unanswered else ""
    shown = {
        "seconds": round(evidence.elapsed_ms / 1000, 1),
        "resolver": evidence.facts.get("resolver", "the system's resolver"),
        "detail": silent or "every record type was answered in the end",
    }
    return [Found("dns-slow", shown)]


def _lost(evidence: Evidence, context: Context) -> list[Finding]:
    """The name of the proxy does not resolve: that is the proxy's row, not the name's.

    Unless no network is there at all; then the proxy is not to blame either.
    """
    facts = evidence.facts
    if facts.get("resolver_failure", {}).get("kind") in _UNREACHABLE:
        if asks := context.missing("controls"):
            return asks
        if machine_is_offline(context):
            return [Found("network-offline", _tried(context))]
    rcode = facts.get("rcode") or facts.get("system_failure", {}).get("kind")
    shown = {
        "proxy": facts["proxy"],
        "setting": facts["proxy_setting"],
        "error": f"its name {facts.get('name')} does not resolve:"
        f" {rcode or 'no answer'}",
    }
    return [Found("proxy-unreachable", shown)]


# --- a name that resolves, but to what? --------------------------------------------


def _misled(facts: Facts, context: Context) -> list[Finding]:
    addresses, direct = facts["addresses"], facts.get("resolver_addresses", [])
    strange = [a for a in addresses if not _is_right(a, context)]
    overridden = bool(direct) and not set(direct) & set(
        facts.get("system_addresses", direct)
    )
    if not overridden and len(strange) < len(addresses):
        return []
    sunk = len(strange) == len(addresses)
    if sunk and context.environment.resolver is not None:
        # The journey goes by this resolver's answer, whatever the hosts file says.
        return _sinkholed(strange, facts, context)
    if asks := context.missing("hosts-file"):
        return asks
    if override := _override(facts, context):
        return [override]
    if sunk and facts.get("rcode") == "NXDOMAIN":
        rcode = f"NXDOMAIN, and only a search domain makes it {', '.join(strange)}"
        return [Found("dns-name-not-found", {**_shown(facts), "rcode": rcode})]
    return _sinkholed(strange, facts, context) if sunk else []


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
    if asks := context.missing("second-resolver", "canary-name"):
        return asks
    shown = {
        "resolver": facts.get("resolver", "the system's resolver"),
        "answer": ", ".join(strange),
    }
    if second := _second_opinion(context) or _confession(facts):
        return [Found("dns-blocked-here", {**shown, **second})]
    return [Found("dns-sinkholed", {**shown, "canary": _canary(context)})]


def _canary(context: Context) -> str:
    """What a name that cannot exist tells: one name redirected, or all of them."""
    canary = context.observations["canary-name"]
    if canary.get("addresses"):
        answer = ", ".join(canary["addresses"])
        return (
            f"It answers {answer} for {canary['name']} as well, which cannot exist: it"
            " answers so for every name, as a captive portal does."
        )
    return "It does not do so for a name that cannot exist: this name is singled out."


def _confession(facts: Facts) -> dict[str, Any] | None:
    """What a resolver that says of itself that it filters is quoted with."""
    if not _FILTERED & set(facts.get("ede_codes", [])):
        return None
    return {"second": "that resolver, asked why,", "addresses": "; ".join(facts["ede"])}


def _is_right(address: str, context: Context) -> bool:
    """Whether a journey may end there: public, or loopback in a laboratory."""
    ip = ip_address(address.split("%", 1)[0])
    public = ip.is_global and not ip.is_multicast
    return public or (ip.is_loopback and _is_laboratory(context))


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
        return _system_alone(_RCODES.get(kind, "SERVFAIL"), facts)
    if _FILTERED & set(facts.get("ede_codes", [])):
        rcode = "NXDOMAIN"  # a filter, whatever it disguises itself as
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
        "resolver": facts.get("resolver") or "(none is set)",
        "rcode": facts.get("rcode") or "no answer",
        "ede": "; ".join(facts.get("ede", [])) or "none",
    }


def _system_alone(rcode: str, facts: Facts) -> list[Finding]:
    """The system's own way of looking up fails, where the resolver it names answers."""
    shown = {**_shown(facts), "resolver": "the system's own look-up", "rcode": rcode}
    if rcode == "NXDOMAIN":
        given = ", ".join(facts["resolver_addresses"])
        denied = {"answer": "not found", "second": facts["resolver"]}
        return [Found("dns-blocked-here", {**shown, **denied, "addresses": given})]
    if rcode == "NOERROR":
        return [Found("dns-no-address", shown)]
    return [Found("dns-server-failure", shown)]


def _name_error(facts: Facts, context: Context) -> Sequence[Finding]:
    host = context.endpoint.target.host
    if retired := RETIRED_HOSTS.get(host):
        return [Found("config-retired-host", {"current": retired.current})]
    if asks := context.missing("second-resolver"):
        return asks
    shown = _shown(facts)
    if second := _second_opinion(context) or _confession(facts):
        said = {"answer": shown["rcode"], **second}
        return [Found("dns-blocked-here", {**shown, **said})]
    if alias := facts.get("alias"):
        # The name is right: the exchange lets it point to a name that is gone.
        shown["rcode"] = f"{shown['rcode']} for {alias}, to which the name points"
    return [Found("dns-name-not-found", shown)]


def _refused(facts: Facts, context: Context) -> Sequence[Finding]:
    if _LIMITED & set(facts.get("ede_codes", [])):
        return [Found("dns-server-failure", _shown(facts))]
    if asks := context.missing("second-resolver", "control-names"):
        return asks
    shown = _shown(facts)
    second = _second_opinion(context)
    if second and _knows_others(context):
        return [Found("dns-blocked-here", {**shown, "answer": "REFUSED", **second})]
    return [Found("dns-refused", shown)]


def _knows_others(context: Context) -> bool:
    """Whether the same resolver resolves any control name."""
    answers = context.observations["control-names"].get("answers", [])
    return any(answer.get("addresses") for answer in answers)


def _server_failure(facts: Facts, context: Context) -> Sequence[Finding]:
    if facts.get("rcode") == "SERVFAIL":
        # A home router whose line is down says SERVFAIL to whatever it is asked.
        asks = context.missing("checking-disabled", "controls", "control-names")
        if asks:
            return asks
        if machine_is_offline(context) and not _knows_others(context):
            return [Found("network-offline", _tried(context))]
        unchecked = context.observations["checking-disabled"]
        if unchecked.get("addresses"):
            addresses = ", ".join(unchecked["addresses"])
            shown = {**_shown(facts), "addresses": addresses}
            return [Found("dns-dnssec-bogus", shown)]
    return [Found("dns-server-failure", _shown(facts))]


def _silent(evidence: Evidence, context: Context) -> Sequence[Finding]:
    facts = evidence.facts
    kind = facts.get("resolver_failure", {}).get("kind", "timeout")
    if kind in ("dns-malformed", "unexpected"):
        said = facts["resolver_failure"]["text"] or "an answer that is not DNS"
        return [Found("dns-server-failure", {**_shown(facts), "rcode": said})]
    if kind == "illegal-name":
        return [
            Found("dns-name-not-found", {**_shown(facts), "rcode": "no legal name"})
        ]
    if asks := context.missing("controls"):
        return asks
    if machine_is_offline(context):
        return [Found("network-offline", _tried(context))]
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
