"""Auth: from the offline checks, the clock and two signed requests to a cause."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kalshi_preflight.causes.findings import Context, Finding, Found
from kalshi_preflight.causes.rules.answers import (
    STALE_SECONDS,
    answer_particulars,
    moved_to,
)
from kalshi_preflight.causes.rules.http import content, json_word, no_answer, refused
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.evidence import Evidence, Facts
from kalshi_preflight.model.layer import Layer

#: The exchange takes 10 s either way and refuses -30 s; half of what is safe is broken.
_CLOCK_BROKEN_SECONDS = 5.0
_CLOCK_WARNED_SECONDS = 2.0
#: Refusals that say nothing about the request that was signed.
_NOT_THE_KEYS = (401, 403, 407, 408, 429, 451)
_DAMAGED = "test_damaged_signature_is_refused"
#: Which way our clock is off, by whether it is behind; without a ``Date``, unknown.
_DIRECTIONS = {None: "away from", True: "behind", False: "ahead of"}
#: The exchange's words for headers that it did not get.
_DROPPED = ("missing_from_headers", "token_authentication_failure")


def judge(evidence: Evidence, context: Context) -> Sequence[Finding]:
    """Judge the auth step: offline checks first, then the clock, then the answers."""
    found = [
        *_problem(context),
        *_clock(evidence.facts),
        *_requests(evidence, context),
        *_copied(evidence.facts, context),
        *_remarks(context),
    ]
    return _each_once(found)


def _each_once(findings: list[Finding]) -> list[Finding]:
    """Without a second finding of one cause: a clock is told by two things."""
    kept: dict[object, Finding] = {}
    for finding in findings:
        same = finding.id if isinstance(finding, Found) else finding
        about = finding.particulars if isinstance(finding, Found) else {}
        # Conflicts and odd lines are each a remark of their own.
        key = same if same == "clock-skewed" else (same, str(about))
        kept.setdefault(key, finding)
    return list(kept.values())


def offline(context: Context) -> Sequence[Finding]:
    """What can be said about the credentials when nothing was sent."""
    return [*_problem(context), *_remarks(context)]


def _problem(context: Context) -> list[Finding]:
    problem = context.problem
    retired = any(remark.cause == "config-bearer-token" for remark in context.remarks)
    if problem is None or (retired and problem.cause == "key-id-missing"):
        return []  # what is there instead of a key id says more than that it is missing
    return [Found(problem.cause, problem.particulars)]


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
    if "damaged" in evidence.facts:
        # A control says something only beside an answer that was good.
        return _balance(balance, evidence, context) or _control(evidence, context)
    if evidence.failure is not None:
        return no_answer(_about(balance, evidence), evidence.failure)
    return []


def _about(answer: Facts, evidence: Evidence) -> Evidence:
    """The evidence of one of the two requests."""
    return Evidence(layer=evidence.layer, elapsed_ms=evidence.elapsed_ms, facts=answer)


def _balance(balance: Facts, evidence: Evidence, context: Context) -> list[Finding]:
    """Judge the answer to the request that is signed well."""
    if balance["status"] != 200:
        return _refused(balance, evidence, context)
    if broken := content(balance):
        return broken
    kind = balance.get("fields", {}).get("balance", "")
    if kind in ("int", "float"):
        return []
    shown = {**answer_particulars(balance), "field": "balance", "is": json_word(kind)}
    return [Found("http-schema-drift", shown)]


def _control(evidence: Evidence, context: Context) -> list[Finding]:
    """The damaged signature has to be refused; no refusal is no proof."""
    damaged = evidence.facts["damaged"]
    found: list[Finding]
    if evidence.failure is not None:
        found = no_answer(_about(damaged, evidence), evidence.failure)
    elif damaged["status"] == 401:
        return []
    elif damaged["status"] == 200:
        found = [Found("auth-not-enforced", answer_particulars(damaged))]
    else:
        found = _refused(damaged, evidence, context)
    return [
        replace(finding, question=_DAMAGED) if isinstance(finding, Found) else finding
        for finding in found
    ]


def _copied(facts: Facts, context: Context) -> list[Finding]:
    """The public answer and the signed one name different times: one was a copy."""
    lower = context.lower.get(Layer.HTTP)
    public = lower.facts.get("clock_offset_seconds") if lower else None
    signed = facts.get("balance", {}).get("clock_offset_seconds")
    if public is None or signed is None or abs(public - signed) <= STALE_SECONDS:
        return []
    age = round(abs(public - signed))
    return [Found("http-stale", {"age_seconds": age, "cache": "gives no sign"})]


def _refused(balance: Facts, evidence: Evidence, context: Context) -> list[Finding]:
    status, error = balance["status"], balance.get("error")
    key = {
        "key_id": evidence.facts.get("key_id", "unknown"),
        "verifies": evidence.facts.get("signature_verifies", False),
    }
    shown = {**answer_particulars(balance), **key, "details": _details(error)}
    if moved := moved_to(balance, context):
        return [Found("config-retired-host", {**shown, "current": moved})]
    if status in (404, 410):
        return [Found("auth-endpoint-gone", shown)]
    if error and status == 401:
        return _unauthorized(error, shown, balance, context)
    if error and status == 403:
        return [Found("auth-scope-missing", shown)]
    if 400 <= status < 500 and status not in _NOT_THE_KEYS:
        return [Found("auth-refused", shown)]
    return refused(balance, context)


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
    return [Found("auth-refused", shown)]


def _unknown_key(shown: dict[str, Any], context: Context) -> list[Finding]:
    if asks := context.missing("sibling"):
        return asks
    sibling = context.observations["sibling"]
    if sibling.get("status") == 200:
        other = {"other": sibling["environment"]}
        return [Found("auth-key-of-other-environment", {**shown, **other})]
    asked = sibling.get("environment", "no other environment")
    if "failure" in sibling and context.environment.sibling is not None:
        name = context.environment.sibling
        asked = f"{name}, which could not be asked: {sibling['failure']}"
    return [Found("auth-key-unknown", {**shown, "asked": asked})]
