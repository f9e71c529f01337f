"""TCP: from the attempts on every address to a cause."""

from collections.abc import Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules.offline import machine_is_offline
from kalshi_preflight.model.evidence import Evidence, Facts

_SLOW_MS = 1000
#: EHOSTUNREACH sooner than this comes from somebody who prohibits; later, from an ARP
#: or neighbour discovery that nobody answered (which takes some three seconds).
_PROHIBITED_MS = 1000
#: The kinds in the order in which they tell most when addresses fail differently.
_CAUSES = {
    "exhausted": "tcp-local-exhaustion",
    "prohibited": "tcp-prohibited",
    "refused": "tcp-refused",
    "reset": "tcp-reset",
    "host-unreachable": "tcp-host-unreachable",
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
    if evidence.facts.get("connected_to"):
        return [*_partly(attempts, failed), *_slow(attempts)]
    return _all_failed(failed, context) if failed else []


def _all_failed(failed: list[Facts], context: Context) -> Sequence[Finding]:
    kinds = {_kind(attempt) for attempt in failed}
    cause = next((_CAUSES[kind] for kind in _CAUSES if kind in kinds), None)
    if cause is None:
        return [Found("tcp-unclassified", {"error": failed[0]["failure"]["text"]})]
    if cause in _LIKE_OFFLINE:
        if asks := context.missing("controls"):
            return asks
        if machine_is_offline(context):
            asked = context.observations["controls"]["asked"]
            return [Found("network-offline", {"controls": ", ".join(asked)})]
    return [Found(cause, _particulars(failed, cause))]


def _kind(attempt: Facts) -> str:
    kind: str = attempt["failure"]["kind"]
    if kind == "host-unreachable" and (attempt["elapsed_ms"] or 0) < _PROHIBITED_MS:
        return "prohibited"
    return kind


def _particulars(failed: list[Facts], cause: str) -> dict[str, Any]:
    told = [attempt for attempt in failed if _CAUSES.get(_kind(attempt)) == cause]
    first = told[0]
    return {
        "addresses": ", ".join(attempt["address"] for attempt in told),
        "route": first["address"].rsplit(":", 1)[0].strip("[]"),
        "code": first["failure"]["code"],
        "error": first["failure"]["text"],
        "seconds": round((first["elapsed_ms"] or 0) / 1000, 1),
    }


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
        "error": failed[0]["failure"]["text"],
    }
    six = [attempt for attempt in attempts if _is_v6(attempt)]
    only_six = all(_is_v6(attempt) for attempt in failed) and len(failed) == len(six)
    return [Found("tcp-ipv6-broken" if only_six else "tcp-some-addresses-fail", shown)]


def _is_v6(attempt: Facts) -> bool:
    return str(attempt["address"]).startswith("[")


def _slow(attempts: list[Facts]) -> list[Finding]:
    fastest = min(a["elapsed_ms"] or 0 for a in attempts if not a["failure"])
    if fastest <= _SLOW_MS:
        return []
    return [Found("tcp-slow", {"seconds": round(fastest / 1000, 1)})]
