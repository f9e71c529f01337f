"""TLS: from the failed handshake, or the certificate, to a cause."""

from collections.abc import Mapping, Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.interception import product_of
from kalshi_preflight.causes.rules.tls_trust import no_trust_store, untrusted
from kalshi_preflight.model.alerts import alert_in_words
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.layer import Layer

_DAYS_LEFT = 14
_TIMEOUTS = ("timeout", "kernel-timeout")
#: Kinds of failure that stand for one cause; the words say what is offered there.
_OUTDATED: Mapping[str, str] = {
    "tls-version": "no version of TLS that is spoken here",
    "tls-outdated": "an outdated TLS without a defence that is demanded here (the"
    " renegotiation of RFC 5746, or a sound signature)",
}
_CUTS = ("reset", "closed", "tls-damaged", "tls-internal-error")
_NOT_TRIED = "Whether it is the name that is objected to could not be tried."


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the TLS step."""
    failure, facts = evidence.failure, evidence.facts
    if failure is None:
        return [
            *_opened_all_the_same(facts, context),
            *_expiring(facts),
            *_useless_settings(facts),
        ]
    if failure.kind == "no-trust-store":
        return [no_trust_store(facts.get("trust_store", {}))]
    if failure.kind == "certificate":
        return untrusted(failure, context)
    if "first_bytes" in facts or failure.kind == "not-tls":
        shown = {"first_bytes": facts.get("first_bytes", "nothing readable")}
        return [Found("tls-plaintext", shown)]
    return _broken_off(evidence, failure, context)


def _broken_off(
    evidence: Evidence, failure: Failure, context: Context
) -> Sequence[Finding]:
    """The handshake did not come as far as a certificate that could be judged."""
    kind = evidence.facts.get("alert_kind", failure.kind)
    if kind == "too-large":
        kind = "tls-damaged"  # a handshake of megabytes is none
    shown = _shown(evidence.facts, failure)
    if kind in _TIMEOUTS:
        return _stalled(evidence, context)
    if kind in _CUTS:
        return _cut(kind, shown, context)
    if kind == "tls-no-shared-cipher":
        return _no_cipher(shown, context)
    return _refused(kind, shown)


def _refused(kind: str, shown: dict[str, Any]) -> list[Finding]:
    """Refusals that stand for one cause, whenever they come."""
    if kind in _OUTDATED:
        offer = f"{_OUTDATED[kind]} ({shown['refusal']})"
        return [Found("tls-version-unsupported", {**shown, "offer": offer})]
    if kind == "tls-client-certificate":
        return [Found("tls-client-certificate-required", shown)]
    if kind == "tls-name-not-recognised":
        found = "It knows no server of that name."
        return [Found("tls-name-not-recognised", {**shown, "found": found})]
    return []


def after_handshake(failure: Failure) -> list[Finding]:
    """Judge what TLS says when the first bytes are read; for the layers above.

    A TLS 1.3 server refuses a client only after the client's side of the handshake is
    done (RFC 8446 §4.4.2.4), and damaged records show with the first data.
    """
    shown = _shown({"received_bytes": "some"}, failure)
    if failure.kind in ("tls-damaged", "tls-internal-error", "not-tls"):
        late = {"how": _how(failure.kind, shown), "when": "right after the handshake"}
        particulars = {**shown, **late, "found": _NOT_TRIED}
        return [Found("tls-reset", particulars, Layer.TLS)]
    if failure.kind == "tls-no-shared-cipher":
        return [Found("tls-no-shared-cipher", shown, Layer.TLS)]
    return [
        Found(finding.id, finding.particulars, Layer.TLS)
        for finding in _refused(failure.kind, shown)
        if isinstance(finding, Found)
    ]


# --- the handshake succeeded ----------------------------------------------------


def _opened_all_the_same(facts: Facts, context: Context) -> list[Finding]:
    """Somebody in between whom this machine trusts: worth knowing, and no breakage.

    A product is known by its name. A root that only this machine knows was put here by
    somebody; one that the environment's own ``ca_file`` brings is the user's.
    """
    known_by = facts.get("root_known_by")
    if known_by in (None, "public"):
        return []
    product = product_of(facts.get("issuers", []))
    if product is None and known_by == "ca_file":
        return []
    shown = {
        "product": product or "a box that does not tell its name",
        "root": facts["root"],
        "subject": facts["subject"],
        "issuer": facts["issuer"],
        "trouble": "this machine trusts it, so the connection works",
    }
    return [Found("tls-intercepted", shown, severity=Severity.NOTE)]


def _expiring(facts: Facts) -> list[Finding]:
    ends = facts.get("ends_first", facts)
    days = ends.get("days_left")
    if days is None or days >= _DAYS_LEFT:
        return []
    shown = {name: ends[name] for name in ("not_after", "issuer", "subject")}
    left = f"in {days} days" if days > 1 else f"in {ends['hours_left']} hours"
    return [Found("tls-certificate-expiring", {"days": days, "left": left, **shown})]


def _useless_settings(facts: Facts) -> list[Finding]:
    """A variable that leads to nothing: we get by without, other programs do not.

    httpx honours ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` alone where they are set, and
    requests fails on its own two; so one tool works and the other does not.
    """
    findings: list[Finding] = []
    for place in facts.get("useless_places", [])[:1]:
        found = no_trust_store(place)
        findings.append(Found(found.id, found.particulars, severity=Severity.WARNING))
    return findings


# --- the handshake broke off ----------------------------------------------------


def _shown(facts: Facts, failure: Failure) -> dict[str, Any]:
    words = facts.get("alert_words")
    if words is None and failure.code is not None and failure.kind.startswith("tls-"):
        words = alert_in_words(failure.code)
    return {
        "received_bytes": facts.get("received_bytes", 0),
        "alert": words or "none",
        "refusal": f"alert {words}" if words else f"refused here: {failure.text}",
    }


def _no_cipher(shown: dict[str, Any], context: Context) -> Sequence[Finding]:
    """One alert for two things: what did the server ask for before it?"""
    if asks := context.missing("handshake-flight"):
        return asks
    if context.observations["handshake-flight"].get("asks_for_certificate"):
        return [Found("tls-client-certificate-required", shown)]
    return [Found("tls-no-shared-cipher", shown)]


def _stalled(evidence: Evidence, context: Context) -> Sequence[Finding]:
    asks = context.missing("control-server-name", "small-segments", "plain-request")
    if asks:
        return asks
    received_bytes = evidence.facts.get("received_bytes", 0)
    shown = {
        "seconds": round(evidence.elapsed_ms / 1000, 1),
        "received_bytes": received_bytes,
        "found": _found_in_silence(received_bytes, context),
    }
    return [Found("tls-stalled", shown)]


def _found_in_silence(received_bytes: int, context: Context) -> str:
    """What the variations of the handshake showed, most telling first."""
    small = context.observations["small-segments"]
    name = context.observations["control-server-name"]
    plain = context.observations["plain-request"].get("first_bytes")
    in_small_segments = small.get("outcome") == "shakes hands"
    under_other_name = name.get("outcome") == "shakes hands"
    if in_small_segments and under_other_name:
        return "Two more tries beside it succeeded, so it comes and goes."
    if in_small_segments:
        return (
            f"In segments of {small['segment_bytes']} bytes the handshake succeeds:"
            " large packets are lost on the way."
        )
    if plain and not name.get("answers"):
        return (
            f"A request without TLS is answered there, with {plain}: it may be no TLS"
            " server at all."
        )
    return _found_by_name(name, received_bytes, context)


def _cut(kind: str, shown: dict[str, Any], context: Context) -> Sequence[Finding]:
    """A reset, an end or a damage in the handshake: whose?"""
    silent = kind in ("reset", "closed") and not shown["received_bytes"]
    wanted = ["control-server-name", *(["silent-connection"] if silent else [])]
    if asks := context.missing(*wanted):
        return asks
    if silent:
        outcome = context.observations["silent-connection"].get("outcome")
        if outcome in ("reset", "closed"):
            particulars = {"addresses": _address(context)}
            question = "test_connects"
            return [Found("tcp-reset", particulars, Layer.TCP, question=question)]
    name = context.observations["control-server-name"]
    particulars = {
        **shown,
        "found": _found_by_name(name, shown["received_bytes"], context),
        "how": _how(kind, shown),
        "when": "during the TLS handshake",
    }
    if kind == "tls-internal-error":
        # Fronts that have no certificate for a name break on it, and say just that.
        ours_alone = name.get("outcome") == "shakes hands"
        cause = "tls-name-not-recognised" if ours_alone else "tls-closed"
        return [Found(cause, particulars)]
    return [Found("tls-closed" if kind == "closed" else "tls-reset", particulars)]


def _how(kind: str, shown: Mapping[str, Any]) -> str:
    """How the connection ended, as the second half of a sentence."""
    if shown["alert"] != "none":
        return f"was ended by the other side with alert {shown['alert']}"
    if kind == "tls-damaged":
        return "broke down, because what arrived was damaged"
    return "was reset" if kind == "reset" else "was closed by the other side"


def _found_by_name(name: Facts, received_bytes: int, context: Context) -> str:
    if "name" not in name:
        return _NOT_TRIED
    host = context.endpoint.target.host
    # A refusal in TLS is an answer too, where our own name got none.
    if name["outcome"] == "shakes hands" or (name["answers"] and not received_bytes):
        return (
            f"Asked for {name['name']} instead, the same address answers in TLS: the"
            f" name {host} is what somebody objects to."
        )
    return (
        f"Asked for {name['name']} instead, the same address fails as well"
        f" ({name['outcome']}): the name {host} is not the reason."
    )


def _address(context: Context) -> str:
    tcp = context.lower.get(Layer.TCP)
    return str(tcp.facts.get("connected_to", "")) if tcp else ""
