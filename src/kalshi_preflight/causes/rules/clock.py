"""A certificate outside its dates: is it the certificate, or is it our clock?"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.model.evidence import Facts

NOT_YET_VALID = 9


def sent_path(context: Context) -> list[Facts]:
    """The certificates as sent that lead up from the leaf, the leaf first."""
    seen = context.observations.get("unverified-chain", {})
    chain: list[Facts] = seen.get("chain", [])
    return [chain[place] for place in seen.get("path", [])]


def judge_dates(code: int, context: Context) -> Sequence[Finding]:
    """Judge a chain that verification refused for its dates (verify codes 9 and 10)."""
    if asks := context.missing("unverified-chain", "clock-witnesses"):
        return asks
    outside = [
        (place, c) for place, c in enumerate(sent_path(context)) if not c["in_time"]
    ]
    if not outside:
        return _no_certificate_of_theirs(code, context)
    place, certificate = outside[0]
    if wrong := _clock(certificate, context):
        return [wrong]
    shown = {
        "subject": certificate["owner"] if place else certificate["subject"],
        "issuer": certificate["issuer"],
        "not_before": certificate["not_before"],
        "not_after": certificate["not_after"],
        "days_past": -1 - certificate["days_left"],
        "days_until": certificate["days_until"] + 1,
        "place": _place(place),
        "clock": _confirmed(context),
    }
    early = code == NOT_YET_VALID
    cause = "tls-certificate-not-yet-valid" if early else "tls-certificate-expired"
    return [Found(cause, shown)]


def _place(place: int) -> str:
    if place == 0:
        return "the server's own certificate"
    return f"an intermediate certificate, number {place} above the server's own"


def _no_certificate_of_theirs(code: int, context: Context) -> Sequence[Finding]:
    """All that was sent is in time: then the root is not, and that one is ours."""
    if asks := context.missing("trust-store"):
        return asks
    way = sent_path(context)
    wanted = way[-1]["issuer"] if way else None
    for store in context.observations["trust-store"].get("stores", []):
        for anchor in store["ended"]:
            if anchor["owner"] == wanted:
                return [_ended_root(store, anchor, code)]
    unknown = dict.fromkeys(("subject", "issuer", "not_before", "not_after"), "unknown")
    shown = {**unknown, "place": "a certificate", "clock": _confirmed(context)}
    shown |= {"days_past": "some", "days_until": "some"}
    early = code == NOT_YET_VALID
    cause = "tls-certificate-not-yet-valid" if early else "tls-certificate-expired"
    return [Found(cause, shown)]


def _ended_root(store: Facts, anchor: Facts, code: int) -> Found:
    early = code == NOT_YET_VALID
    word, moment = ("begins", "not_before") if early else ("ended", "not_after")
    trouble = f"holds a root of {anchor['owner']} that {word} {anchor[moment]}"
    shown = {name: store[name] for name in ("setting", "path", "anchors")}
    return Found("tls-trust-store-missing", {**shown, "trouble": trouble})


def _clock(certificate: Facts, context: Context) -> Found | None:
    """Our clock is wrong if those who know the time say the certificate is in time.

    The controls decide; the peer is heard only where no control told the time, for it
    is the peer that is in doubt.
    """
    seen = context.observations["clock-witnesses"]
    told = _told(seen)
    if not told:
        return _everybody_is_outside(certificate, seen)
    against = [each for each in told if _in_time(certificate, each["says"])]
    if 2 * len(against) <= len(told):
        return None
    witness = against[0]
    kind = "control host" if witness["is_control"] else "server"
    shown = {
        "witness": f"the {kind} {witness['host']}",
        "witness_says": witness["says"],
        "seconds": round(abs(witness["offset_seconds"])),
        "direction": "ahead" if witness["offset_seconds"] > 0 else "behind",
    }
    return _wrong(certificate, seen, shown)


def _everybody_is_outside(certificate: Facts, seen: Facts) -> Found | None:
    """Nobody tells the time, but the controls' certificates fail in the same way."""
    now = seen.get("our_time", "")
    early = certificate["not_before"] > now
    for control in seen.get("witnesses", []):
        if not control["is_control"] or not control.get("path"):
            continue
        theirs = control["chain"][control["path"][0]]
        if early == (theirs["not_before"] > now) and not theirs["in_time"]:
            edge = theirs["not_before"] if early else theirs["not_after"]
            gap = _moment(edge) - _moment(now)
            side = "after" if early else "before"
            shown = {
                "witness": f"the certificate of the control host {control['host']}",
                "witness_says": f"that it is {side} {edge}",
                "seconds": round(abs(gap.total_seconds())),
                "direction": "behind" if early else "ahead",
            }
            return _wrong(certificate, seen, shown)
    return None


def _wrong(certificate: Facts, seen: Facts, shown: dict[str, Any]) -> Found:
    days, seconds = divmod(shown["seconds"], 86400)
    off = f"{days} days" if days else f"{seconds // 60} minutes"
    particulars = {
        **shown,
        "off": off,
        "our_time": seen["our_time"],
        "subject": certificate["subject"],
        "not_before": certificate["not_before"],
        "not_after": certificate["not_after"],
    }
    return Found("clock-wrong", particulars)


def _confirmed(context: Context) -> str:
    """Who says that our clock is right, in a sentence."""
    seen = context.observations.get("clock-witnesses", {})
    ours = seen.get("our_time", "unknown")
    told = _told(seen)
    if not told:
        return f"Nobody could be asked for the time; here it is {ours}."
    who = ", ".join(each["host"] for each in told)
    off = max((abs(each["offset_seconds"]) for each in told), default=0)
    return (
        f"The clock of this machine is not the reason: it says {ours}, and {who}"
        f" is at most {round(off) + 1} s away from that."
    )


def _told(seen: Facts) -> list[Facts]:
    told = [each for each in seen.get("witnesses", []) if "says" in each]
    return [each for each in told if each["is_control"]] or told


def _in_time(certificate: Facts, says: str) -> bool:
    # ISO 8601 in UTC, always to the second: compares as text.
    return bool(certificate["not_before"] <= says <= certificate["not_after"])


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
