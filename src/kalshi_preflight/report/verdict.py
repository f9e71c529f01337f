"""GO or NO-GO, read off the document and nothing else: one set of rules for all."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_CAUSE_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: What is said where a document gives no cause of its own.
MALFORMED = "document-malformed"
NOTHING_SURVEYED = "nothing-surveyed"
NOTHING_PROVED = "nothing-proved"
TESTS_FAILED = "tests-failed"
UNEXPLAINED = "no-go-unexplained"

_GOOD = ("reachable", "degraded")
_TAKEN = ("ok", "warned")


def exit_code(pytest_code: int, document: Mapping[str, Any]) -> int:
    """The exit code of a run that diagnoses, from pytest's own and the document.

    Failed tests, usage errors and the like have theirs; where pytest has nothing to
    complain of, the document decides: what was only blocked, or never surveyed, is no
    success.
    """
    if pytest_code == 0 and document.get("verdict") != "go":
        return 1
    return pytest_code


def is_cause_id(text: object) -> bool:
    """Whether ``text`` is a kebab-case id, fit for the last line of a terminal."""
    return isinstance(text, str) and _CAUSE_ID.fullmatch(text) is not None


def reason_against(document: object) -> str | None:
    """The id of what speaks against GO, or ``None`` if every proof is there.

    Anything that is not the document of the contract is a reason against; no value
    whatsoever makes this raise.
    """
    if not isinstance(document, Mapping):
        return MALFORMED
    version, environments = document.get("schema"), document.get("environments")
    # True == 1 in Python, but a truth value is no version.
    if isinstance(version, bool) or version != 1 or not isinstance(environments, list):
        return MALFORMED
    found = [
        *(_against_environment(environment) for environment in environments),
        _against_gate(document),
        _against_vantages(document.get("vantages")),
        _against_engine(document.get("engine")),
        None if environments or _is_healthy(document) else NOTHING_SURVEYED,
        _against_tests(document.get("tests")),
        None if document.get("verdict") == "go" else UNEXPLAINED,
    ]
    return next((reason for reason in found if reason is not None), None)


def _against_environment(environment: object) -> str | None:
    if not isinstance(environment, Mapping):
        return MALFORMED
    verdict, root = environment.get("verdict"), environment.get("root_cause", MALFORMED)
    if verdict == "unreachable" or (verdict == "reachable" and root is not None):
        return _id_of(root)
    if verdict not in _GOOD or (root is not None and not isinstance(root, Mapping)):
        return MALFORMED
    return None if _proves_something(environment) else NOTHING_PROVED


def _id_of(cause: object) -> str:
    """The cause's id; a document that breaks its own promises is malformed."""
    name = cause.get("id") if isinstance(cause, Mapping) else None
    return name if isinstance(name, str) and is_cause_id(name) else MALFORMED


def _proves_something(environment: Mapping[Any, Any]) -> bool:
    """Whether at least one step of one journey was really taken."""
    statuses = [
        step.get("status")
        for journey in _mappings(environment.get("journeys"))
        for step in _mappings(journey.get("steps"))
    ]
    return any(status in _TAKEN for status in statuses)


def _against_gate(document: Mapping[Any, Any]) -> str | None:
    reason = document.get("gate_reason")
    if reason is None:
        return None
    return reason if isinstance(reason, str) and is_cause_id(reason) else UNEXPLAINED


def _against_vantages(vantages: object) -> str | None:
    """Each vantage point, if there are several, must have every proof of its own."""
    if vantages is None:
        return None
    if not isinstance(vantages, list) or not vantages:
        return MALFORMED
    for vantage in vantages:
        if not isinstance(vantage, Mapping):
            return MALFORMED
        reason = reason_against({**vantage, "schema": 1, "vantages": None})
        if reason is not None:
            return reason
    return None


def _is_healthy(document: Mapping[Any, Any]) -> bool:
    """Whether an engine was found well: then a run without environments has a proof."""
    engine = document.get("engine")
    return isinstance(engine, Mapping) and engine.get("verdict") == "healthy"


def _against_engine(engine: object) -> str | None:
    if not isinstance(engine, Mapping):
        return MALFORMED
    verdict = engine.get("verdict")
    if verdict in ("healthy", "not-checked"):
        return None
    if verdict != "unhealthy":
        return MALFORMED
    causes = list(_mappings(engine.get("causes")))
    broken = [cause for cause in causes if cause.get("severity") == "broken"]
    return _id_of(next(iter(broken or causes), None))


def _against_tests(tests: object) -> str | None:
    if not isinstance(tests, Mapping):
        return MALFORMED
    failed = tests.get("failed")
    if not isinstance(failed, int) or isinstance(failed, bool):
        return MALFORMED
    return None if failed == 0 else TESTS_FAILED


def _mappings(members: object) -> Iterable[Mapping[Any, Any]]:
    if isinstance(members, list):
        yield from (member for member in members if isinstance(member, Mapping))
