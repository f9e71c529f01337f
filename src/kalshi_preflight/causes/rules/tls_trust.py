"""TLS, part two: a certificate was refused. Whose is it, and why?"""

from collections.abc import Mapping, Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.interception import product_of
from kalshi_preflight.causes.rules.clock import judge_dates, sent_path
from kalshi_preflight.model.evidence import Facts, Failure

NOT_YET_VALID, EXPIRED = 9, 10
_SELF_SIGNED = 18
_WRONG_NAME = {62, 64}
#: Keys and signatures below what this machine accepts (OpenSSL's security level).
_TOO_WEAK: Mapping[int, str] = {
    66: "its key is too weak ({key})",
    67: "the key of an authority above it is too weak",
    68: "it is signed by a broken method ({signature})",
}
#: What only the strict form of RFC 5280 refuses, which Python 3.13 switched on.
_FORM: Mapping[int, str] = {
    80: "a length of path on what is no authority",
    81: "a length of path without the right to sign",
    82: "the right to sign on what is no authority",
    83: "an issuer without a name",
    84: "a subject without a name",
    85: "no authority key identifier",
    86: "no subject key identifier",
    87: "an empty list of names",
    88: "a list of names not marked critical",
    89: "basic constraints not marked critical",
    90: "an authority key identifier marked critical",
    91: "a subject key identifier marked critical",
    92: "an authority without a key usage",
    93: "extensions in an old version of certificate",
    94: "a key on a curve of its own",
}
#: What the other verify codes (OpenSSL, x509_vfy.h) say, in words.
_TROUBLE: Mapping[int, str] = {
    2: "its issuer is not known here",
    3: "a list of revoked certificates is demanded and missing",
    7: "a signature in it is forged or damaged",
    19: "its root is not known here",
    20: "its issuer is not known here",
    21: "its issuer is not known here",
    23: "it has been revoked",
    24: "an issuer in it is no authority",
    25: "an authority in it may not appoint others",
    26: "it is not meant for servers (its purposes: {purposes})",
    34: "it makes a condition that nobody here understands",
    47: "its authority may not speak for this name",
    48: "its authority may not speak for this name",
    79: "an issuer in it is no authority",
}
#: Of these, the ones that say that no way leads to a root that is known here.
_NO_ROOT = {2, 19, 20, 21}
_UNNAMED = "a box that does not tell its name"


def untrusted(failure: Failure, context: Context) -> Sequence[Finding]:
    """Judge a certificate that verification refused, by its verify code."""
    code = failure.code or 0
    if code in (NOT_YET_VALID, EXPIRED):
        return judge_dates(code, context)
    if code in _TOO_WEAK or code in _WRONG_NAME or code == _SELF_SIGNED:
        if asks := context.missing("unverified-chain"):
            return asks
        return [_of_the_leaf(code, _shown(code, context))]
    asks = context.missing(
        "unverified-chain", "public-roots", "trust-store", "control-chains"
    )
    return asks or [_of_the_issuer(code, context)]


def _of_the_leaf(code: int, shown: dict[str, Any]) -> Found:
    if code in _WRONG_NAME:
        return Found("tls-hostname-mismatch", shown)
    if code == _SELF_SIGNED:
        return Found("tls-self-signed", shown)
    offer = _TOO_WEAK[code].format_map(shown)
    shown["offer"] = f"{offer} (verify code {code})"
    return Found("tls-version-unsupported", shown)


def _of_the_issuer(code: int, context: Context) -> Found:
    """The issuer is not trusted, or not fit: who is it?"""
    shown = _shown(code, context)
    public = context.observations["public-roots"]
    stores: list[Facts] = context.observations["trust-store"].get("stores", [])
    store = next(iter(stores), {})
    if public.get("verifies", _is_useless(code, store)):
        return no_trust_store(store)
    way = sent_path(context)
    if product := product_of(names_on(way)):
        return Found("tls-intercepted", {**shown, "product": product})
    if code in _NO_ROOT and _same_stranger(way, context):
        return Found("tls-intercepted", {**shown, "product": _UNNAMED})
    if code in _FORM and context.environment.ca_file is None:
        # A public authority cannot be that sloppy: this root was put here by hand.
        return Found("tls-intercepted", {**shown, "product": _UNNAMED})
    if code in _NO_ROOT and _is_incomplete(way, context):
        return Found("tls-incomplete-chain", shown)
    return Found("tls-unknown-issuer", shown)


def _is_useless(code: int, store: Facts) -> bool:
    """Whether our own list explains it all, where the public one could not be tried."""
    return code in _NO_ROOT and bool(store.get("trouble"))


def no_trust_store(place: Facts) -> Found:
    """The list of roots is of no use: ``place`` as in ``probes.trust``."""
    shown = {
        "setting": place.get("setting", "the system's own list"),
        "path": place.get("path", "an unknown place"),
        "anchors": place.get("anchors", 0),
        "trouble": place.get("trouble") or "does not hold the root that is needed",
    }
    return Found("tls-trust-store-missing", shown)


def names_on(way: Sequence[Facts]) -> list[str]:
    """Every name that a chain gives for those who issued it."""
    return [str(each["issuer"]) for each in way]


def _same_stranger(way: Sequence[Facts], context: Context) -> bool:
    """Whether a control host's chain, too, ends with the one that nobody knows."""
    if not way or way[0]["logged"]:
        return False
    controls = context.observations["control-chains"].get("controls", [])
    tops = {
        control["chain"][control["path"][-1]]["issuer"]
        for control in controls
        if control.get("path")
    }
    return way[-1]["issuer"] in tops


def _is_incomplete(way: Sequence[Facts], context: Context) -> bool:
    """Whether a certificate between here and a known root was left out.

    Its issuer is not known, but it bears the name of somebody who runs a root that is;
    or a public log vouches for the leaf, which logs do only below public roots
    (RFC 9162 §4.2).
    """
    if not way or way[-1]["self_signed"]:
        return False
    known = set(context.observations["public-roots"].get("organisations", []))
    for store in context.observations["trust-store"].get("stores", []):
        known |= set(store["organisations"])
    return bool(way[0]["logged"]) or way[-1]["issuer_organisation"] in known


def _shown(code: int, context: Context) -> dict[str, Any]:
    """The particulars of a refused certificate."""
    seen = context.observations.get("unverified-chain", {})
    way = sent_path(context)
    leaf: Facts = way[0] if way else {}
    top: Facts = way[-1] if way else {}
    shown = {
        "verify_code": code,
        "subject": leaf.get("subject", "unknown"),
        "issuer": leaf.get("issuer", "unknown"),
        "root": top.get("issuer", "unknown"),
        "missing": top.get("issuer", "unknown"),
        "names": _names(leaf),
        "not_before": leaf.get("not_before", "unknown"),
        "not_after": leaf.get("not_after", "unknown"),
        "key": leaf.get("key", "unknown"),
        "signature": next(
            (c["signature"] for c in way if "sha1" in c["signature"].lower()),
            leaf.get("signature", "unknown"),
        ),
        "purposes": ", ".join(leaf.get("purposes", [])) or "not given",
        "chain_length": len(seen.get("chain", [])),
    }
    return {
        **shown,
        "trouble": _trouble(code).format_map(shown),
        "public": _public(context),
    }


def _public(context: Context) -> str:
    """What the public list of roots says, in a sentence."""
    public = context.observations.get("public-roots", {})
    if "verify_code" not in public:
        return "Whether the public list of roots accepts it could not be tried."
    return (
        "The public list of roots does not accept it either (verify code"
        f" {public['verify_code']}), so no public authority vouches for this server."
    )


def _names(leaf: Facts) -> str:
    if not leaf:
        return "unknown"
    names = ", ".join(leaf["names"])
    return names or f"none, but for {leaf['subject']} as its common name"


def _trouble(code: int) -> str:
    if code in _FORM:
        return f"its form is refused by Python 3.13 and newer: {_FORM[code]}"
    return _TROUBLE.get(code, "OpenSSL refuses it")
