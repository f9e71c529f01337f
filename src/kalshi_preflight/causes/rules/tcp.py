"""TCP: from the attempts on every address, and the proxy's answer, to a cause."""

from collections.abc import Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules import proxy
from kalshi_preflight.causes.rules.offline import controls_in_words, machine_is_offline
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.evidence import Evidence, Facts

_SLOW_MS = 1000
#: Where the ICMP message is not known: EHOSTUNREACH sooner than this comes from
#: somebody who prohibits; later, from an ARP or neighbour discovery that nobody
#: answered (which takes some three seconds).
_PROHIBITED_MS = 1000
#: "Administratively prohibited", in all its forms (RFC 1812 §5.2.7.1, RFC 4443 §3.1).
_PROHIBITIONS = {("ICMP", 9), ("ICMP", 10), ("ICMP", 13), ("ICMPv6", 1), ("ICMPv6", 5)}
#: The kinds in the order in which they tell most when addresses fail differently.
_CAUSES = {
    "exhausted": "tcp-local-exhaustion",
    "prohibited": "tcp-prohibited",
    "route-rejects": "tcp-prohibited",
    "refused": "tcp-refused",
    "reset": "tcp-reset",
    "host-unreachable": "tcp-host-unreachable",
    "protocol-unreachable": "tcp-host-unreachable",
    "timeout": "tcp-timeout",
    "kernel-timeout": "tcp-timeout",
    "network-unreachable": "tcp-network-unreachable",
}
#: Causes that an unplugged cable brings about as well.
_LIKE_OFFLINE = {"tcp-timeout", "tcp-network-unreachable", "tcp-host-unreachable"}


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the TCP step."""
    attempts = evidence.facts.get("attempts", [])
    failed = [attempt for attempt in attempts if attempt["failure"]]
    if _too_late(evidence, attempts):
        seconds = round(evidence.elapsed_ms / 1000, 1)
        return [Found("tcp-slow", {"seconds": seconds}, severity=Severity.BROKEN)]
    if evidence.facts.get("connected_to"):
        found = [*_partly(attempts, failed), *_slow(attempts, evidence.late_ms)]
        return found if "proxy" not in evidence.facts else proxy.judge(evidence)
    if "proxy" in evidence.facts:
        return _proxy_fails(evidence, failed, context)
    return _all_failed(failed, context) if failed else []


def _too_late(evidence: Evidence, attempts: list[Facts]) -> bool:
    """Whether an address answered in the very moment in which the time was over."""
    failure = evidence.failure
    ended = failure is not None and failure.kind == "timeout"
    answered = any(not attempt["failure"] for attempt in attempts)
    return ended and answered and "proxy" not in evidence.facts


def _proxy_fails(
    evidence: Evidence, failed: list[Facts], context: Context
) -> Sequence[Finding]:
    """Nobody connects to the proxy: its own row, unless there is no network at all."""
    cause = _cause(failed) if failed else None
    if cause in _LIKE_OFFLINE - {"tcp-timeout"}:
        if asks := context.missing("controls"):
            return asks
        if machine_is_offline(context):
            return [_offline(context)]
    if cause == "tcp-local-exhaustion":
        return [Found(cause, _particulars(failed, cause, context))]
    return proxy.unreachable(evidence, failed)


def _all_failed(failed: list[Facts], context: Context) -> Sequence[Finding]:
    cause = _cause(failed)
    if cause is None:
        return [Found("tcp-unclassified", {"error": failed[0]["failure"]["text"]})]
    if cause in _LIKE_OFFLINE:
        if asks := context.missing("controls"):
            return asks
        if machine_is_offline(context):
            return [_offline(context)]
    return [Found(cause, _particulars(failed, cause, context))]


def _offline(context: Context) -> Found:
    asked = context.observations["controls"]["asked"]
    return Found("network-offline", {"controls": ", ".join(asked)})


def _cause(failed: list[Facts]) -> str | None:
    kinds = {_kind(attempt) for attempt in failed}
    return next((_CAUSES[kind] for kind in _CAUSES if kind in kinds), None)


def _kind(attempt: Facts) -> str:
    """The kind of failure, corrected by the ICMP message behind it, if one is known."""
    kind: str = attempt["failure"]["kind"]
    icmp = attempt["failure"].get("icmp") or {}
    if icmp:
        forbids = (icmp["protocol"], icmp["code"]) in _PROHIBITIONS
        # A refusal by ICMP is a firewall's; of this machine's own it is a prohibition.
        own = icmp["local"] and icmp["sender"] != _address(attempt)
        return "prohibited" if forbids or (own and kind == "refused") else kind
    if attempt["failure"].get("icmp_kept"):
        return kind  # nobody has said anything: our own table of routes does
    if kind == "host-unreachable" and (attempt["elapsed_ms"] or 0) < _PROHIBITED_MS:
        return "prohibited"
    return kind


def _address(attempt: Facts) -> str:
    return str(attempt["address"]).rsplit(":", 1)[0].strip("[]")


def _particulars(failed: list[Facts], cause: str, context: Context) -> dict[str, Any]:
    told = [attempt for attempt in failed if _CAUSES.get(_kind(attempt)) == cause]
    first = told[0]
    slowest_ms = max(attempt["elapsed_ms"] or 0 for attempt in told)
    return {
        "addresses": ", ".join(attempt["address"] for attempt in told),
        "route": _address(first),
        "code": first["failure"]["code"],
        "error": _in_words(first["failure"]),
        "seconds": round(slowest_ms / 1000, 1),
        "controls": controls_in_words(context),
    }


def _in_words(failure: Facts) -> str:
    """The error, and who said so."""
    icmp = failure.get("icmp") or {}
    if not icmp:
        return str(failure["text"])
    said = f"{icmp['protocol']} type {icmp['type']} code {icmp['code']}"
    who = f"{icmp['sender']}, this machine" if icmp["local"] else icmp["sender"]
    return f"{failure['text']}; {said} from {who}"


def _partly(attempts: list[Facts], failed: list[Facts]) -> list[Finding]:
    """Some addresses work.

    IPv6 without any route is no fault: clients notice at once and go on.
    """
    failed = [
        a for a in failed if not (_is_v6(a) and _kind(a) == "network-unreachable")
    ]
    if not failed:
        return []
    shown = {
        "failed": ", ".join(a["address"] for a in failed),
        "working": ", ".join(a["address"] for a in attempts if not a["failure"]),
        "error": _in_words(failed[0]["failure"]),
    }
    six = [attempt for attempt in attempts if _is_v6(attempt)]
    only_six = all(_is_v6(attempt) for attempt in failed) and len(failed) == len(six)
    return [Found("tcp-ipv6-broken" if only_six else "tcp-some-addresses-fail", shown)]


def _is_v6(attempt: Facts) -> bool:
    return str(attempt["address"]).startswith("[")


def _slow(attempts: list[Facts], late_ms: float) -> list[Finding]:
    fastest = min(a["elapsed_ms"] or 0 for a in attempts if not a["failure"])
    if fastest - late_ms <= _SLOW_MS:
        return []
    return [Found("tcp-slow", {"seconds": round(fastest / 1000, 1)})]
