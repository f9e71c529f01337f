"""Auth: from the offline checks, the clock and two signed requests to a cause."""

from collections.abc import Mapping, Sequence
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules.http import (
    answer_particulars,
    forbidden,
    moved_to,
    no_answer,
)
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.evidence import Evidence, Facts

#: The exchange takes 10 s either way and refuses -30 s; half of what is safe is broken.
_CLOCK_BROKEN_SECONDS = 5.0
_CLOCK_WARNED_SECONDS = 2.0
_BY_STATUS = {
    404: "auth-endpoint-gone",
    410: "auth-endpoint-gone",
    429: "http-rate-limited",
    502: "http-bad-gateway",
    503: "http-bad-gateway",
    504: "http-bad-gateway",
}
#: Which way our clock is off, by whether it is behind; without a ``Date``, unknown.
_DIRECTIONS = {None: "away from", True: "behind", False: "ahead of"}
_DROPPED = ("signature_is_missing_from_headers", "token_authentication_failure")


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the auth step: offline checks first, then the clock, then the answers."""
    problem, remarks = _problem(context), _remarks(context)
    return [
        *problem,
        *_clock(evidence.facts),
        *_requests(evidence, context),
        *remarks,
    ]


def offline(context: Context) -> Sequence[Finding]:
    """What can be said about the credentials when nothing was sent."""
    return [*_problem(context), *_remarks(context)]


def _problem(context: Context) -> list[Finding]:
    problem = context.problem
    return [] if problem is None else [Found(problem.cause, problem.particulars)]


def _remarks(context: Context) -> list[Finding]:
    return [
        Found(remark.cause, _worded(remark.particulars)) for remark in context.remarks
    ]


def _worded(particulars: Mapping[str, object]) -> dict[str, object]:
    """Particulars with the problems of a dotenv file as sentences with line numbers."""
    worded = dict(particulars)
    problems = worded.get("problems")
    if isinstance(problems, list):
        worded["problems"] = [_sentence(problem) for problem in problems]
    return worded


def _sentence(problem: Mapping[str, Any]) -> str:
    lines = ", ".join(map(str, problem.get("lines", ())))
    return f"{problem['says']} (line {lines})" if lines else str(problem["says"])


def _clock(facts: Facts) -> list[Finding]:
    offset = facts.get("clock_offset_seconds")
    if offset is None or abs(offset) <= _CLOCK_WARNED_SECONDS:
        return []
    broken = abs(offset) > _CLOCK_BROKEN_SECONDS
    severity = Severity.BROKEN if broken else Severity.WARNING
    return [Found("clock-skewed", _clock_particulars(facts), severity=severity)]


def _clock_particulars(facts: Facts) -> dict[str, Any]:
    offset = facts.get("clock_offset_seconds")
    return {
        "seconds": abs(offset) if offset is not None else "an unknown number of",
        "direction": _DIRECTIONS[None if offset is None else offset < 0],
        "our_time": facts.get("our_time", "unknown"),
        "exchange_time": facts.get("exchange_time", "unknown"),
    }


def _requests(evidence: Evidence, context: Context) -> list[Finding]:
    balance = evidence.facts.get("balance", {})
    if evidence.failure is not None:
        partial = Evidence(
            layer=evidence.layer, elapsed_ms=evidence.elapsed_ms, facts=balance
        )
        return no_answer(partial, evidence.failure)
    if not balance:
        return []
    if balance["status"] != 200:
        return _refused(balance, evidence, context)
    if "balance" not in balance.get("fields", ()):
        return [Found("http-schema-drift", {**answer_particulars(balance), **_FIELD})]
    if evidence.facts.get("damaged", {}).get("status") == 200:
        shown = answer_particulars(evidence.facts["damaged"])
        return [Found("auth-not-enforced", shown)]
    return []


_FIELD = {"field": "balance"}


def _refused(balance: Facts, evidence: Evidence, context: Context) -> list[Finding]:
    status, error = balance["status"], balance.get("error")
    key = {
        "key_id": evidence.facts.get("key_id", "unknown"),
        "verifies": evidence.facts.get("signature_verifies", False),
    }
    shown = {**answer_particulars(balance), **key, "details": _details(error)}
    if moved := moved_to(balance, context):
        return [Found("config-retired-host", {**shown, "current": moved})]
    if status == 401 and error:
        return _unauthorized(error, shown, balance, context)
    if status == 403:
        return [Found("auth-scope-missing", shown) if error else forbidden(balance)]
    unnamed = "http-server-error" if status >= 500 else "auth-unclassified"
    return [Found(_BY_STATUS.get(status, unnamed), shown)]


def _details(error: Facts | None) -> str:
    if not error:
        return "no JSON error"
    parts = (error.get("code"), error.get("message"), error.get("details"))
    return " / ".join(dict.fromkeys(str(part) for part in parts if part))


def _unauthorized(
    error: Facts, shown: dict[str, Any], balance: Facts, context: Context
) -> list[Finding]:
    """A 401 by its words; compared by substring, since codes can carry more."""
    words = _details(error)
    if "header_timestamp_expired" in words:
        return [Found("clock-skewed", _clock_particulars(balance))]
    if "INCORRECT_API_KEY_SIGNATURE" in words and shown["verifies"]:
        return [Found("auth-signature-rejected", shown)]
    if "NOT_FOUND" in words:
        return _unknown_key(shown, context)
    if any(word in words for word in _DROPPED):
        return [Found("auth-headers-dropped", shown)]
    return [Found("auth-unclassified", shown)]


def _unknown_key(shown: dict[str, Any], context: Context) -> list[Finding]:
    if asks := context.missing("sibling"):
        return asks
    sibling = context.observations["sibling"]
    if sibling.get("status") == 200:
        other = {"other": sibling["environment"]}
        return [Found("auth-key-of-other-environment", {**shown, **other})]
    asked = sibling.get("environment", "no other environment")
    return [Found("auth-key-unknown", {**shown, "asked": asked})]
