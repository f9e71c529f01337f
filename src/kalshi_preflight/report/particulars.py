"""What a reader looks for first: the one cause, the certificate, the clock, the books.

All of it is picked from the document; nothing is judged here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kalshi_preflight.report.verdict import reason_against

Json = Mapping[str, Any]

#: What is said where no cause stands behind a NO-GO.
REASONS = {
    "nothing-surveyed": "No environment was surveyed. That is never a GO.",
    "nothing-proved": "No step was taken, so nothing was proved. That is never a GO.",
    "tests-failed": "Questions were answered with no; the tests below say which.",
    "no-go-unexplained": "The run ended before everything was proved.",
    "document-malformed": "The diagnosis document is damaged. That is never a GO.",
}
_GRAVITY = ("broken", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """The cause at the top, and where it was found (an environment, or the engine)."""

    cause: Json
    place: str


def leading(document: Json) -> Leading | None:
    """The cause that decided; after a GO the gravest of what was found all the same."""
    found = sorted(_found(document), key=lambda each: _rank(each.cause))
    reason = reason_against(document)
    if reason is None:
        return next(iter(found), None)
    return next((each for each in found if each.cause["id"] == reason), None)


def _found(document: Json) -> Iterator[Leading]:
    for environment in document["environments"]:
        if environment["root_cause"] is not None:
            yield Leading(cause=environment["root_cause"], place=environment["name"])
    for environment in document["environments"]:
        for cause in environment["other_causes"]:
            yield Leading(cause=cause, place=environment["name"])
    for cause in document["engine"]["causes"]:
        yield Leading(cause=cause, place="engine")


def _rank(cause: Json) -> int:
    severity = cause["severity"]
    return _GRAVITY.index(severity) if severity in _GRAVITY else len(_GRAVITY)


def others(environment: Json, top: Leading | None) -> list[tuple[Json, list[str]]]:
    """The other causes, each once, with the endpoints that have it.

    What stands at the top of the page, or is the root cause, is not told again.
    """
    told = [environment["root_cause"]]
    if top is not None and top.place == environment["name"]:
        told.append(top.cause)
    known = {cause["id"] for cause in told if cause is not None}
    by_id: dict[str, tuple[Json, list[str]]] = {}
    for cause in environment["other_causes"]:
        if cause["id"] not in known:
            by_id.setdefault(cause["id"], (cause, []))[1].append(cause["endpoint"])
    return list(by_id.values())


def certificates(environment: Json) -> list[tuple[str, Json]]:
    """Target and facts of each certificate that was shown, each target once."""
    found: dict[str, Json] = {}
    for journey in environment["journeys"]:
        for step in journey["steps"]:
            if step["layer"] == "tls" and "not_after" in step["facts"]:
                found.setdefault(journey["target"], step["facts"])
    return list(found.items())


def clock(environment: Json) -> Json | None:
    """The facts about our clock, from the last step that learnt any."""
    told = [
        step["facts"]
        for journey in environment["journeys"]
        for step in journey["steps"]
        if isinstance(step["facts"].get("clock_offset_seconds"), int | float)
    ]
    return told[-1] if told else None


def clock_in_words(facts: Json) -> str:
    """How far our clock is off, in words: ``+2.0`` would need a legend."""
    offset = float(facts["clock_offset_seconds"])
    if abs(offset) < 0.05:
        return "agrees with the exchange's"
    side = "ahead of" if offset > 0 else "behind"
    return f"{abs(offset):.1f} s {side} the exchange's"


#: What exchange and database say of the same thing: words, its fact, and ours.
_SIDES = (
    ("cash", "cash_dollars", "cash"),
    ("value of positions", "portfolio_value_dollars", None),
    ("locked in resting orders", "locked_dollars", None),
    ("open positions", "positions", "positions"),
    ("resting orders", "resting_orders", None),
    ("fills", "fills", "fills"),
)


def books(engine: Json) -> list[tuple[str, str, str]]:
    """Words, the exchange's side and the database's; empty without an account."""
    facts = engine["facts"]
    account, base = facts.get("account"), facts.get("database")
    if not isinstance(account, Mapping):
        return []
    base = base if isinstance(base, Mapping) else {}
    counts = base.get("counts")
    ours = dict(counts) if isinstance(counts, Mapping) else {}
    if isinstance(base.get("cash_cents"), int):
        ours["cash"] = f"${base['cash_cents'] / 100:.2f}"
    return [
        (words, _said(theirs, account.get(theirs)), _said("", ours.get(own or "")))
        for words, theirs, own in _SIDES
    ]


def _said(name: str, value: object) -> str:
    if value is None:
        return "\N{EN DASH}"
    return f"${value}" if name.endswith("_dollars") else str(value)


def positions(engine: Json) -> list[Json]:
    """The open positions of both sides, those that differ first."""
    rows = engine["facts"].get("positions")
    if not isinstance(rows, list):
        return []
    told = [dict(row, agrees=_agree(row)) for row in rows if isinstance(row, Mapping)]
    return sorted(told, key=lambda row: row["agrees"] is not False)


def _agree(row: Json) -> bool | None:
    """Whether both sides hold the same; ``None`` if only one of them was asked."""
    theirs, own = row.get("exchange"), row.get("database")
    if theirs is None or own is None:
        return None
    try:
        return float(theirs) == float(own)
    except (TypeError, ValueError):
        return str(theirs) == str(own)
