"""One document of several vantage points: fails from everywhere, or only from here?

Where they disagree, the worst counts and is shown: a way that is broken for one bot is
broken. What each of them saw stands whole under ``vantages``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kalshi_preflight.report.plain import plain_text
from kalshi_preflight.report.verdict import reason_against

Json = dict[str, Any]
#: The gate's reason where a vantage point, or the process that asked, was lost.
VANTAGE_LOST = "vantage-lost"
#: What the run as a whole knows, whatever was seen from where.
_OF_THE_RUN = ("schema", "suite", "started", "vantage", "duration_ms", "tests")
#: What is the same for all vantage points is said once.
_SAID_ONCE = ("schema", "suite", "started", "duration_ms")
_WORST_FIRST = ("unreachable", "degraded", "reachable")
_UNKNOWN = "unknown"


def united(frame: Json, seen: Sequence[tuple[str, Json | None]]) -> Json:
    """The document of a run that looked from several vantage points.

    ``frame`` is what the run itself knows: a whole document without environments.
    ``seen`` are the names of the vantage points with the document of each, or ``None``
    where one was lost: then the run is a no-go. At least one is given.
    """
    parts = [_part(plain_text(name), found) for name, found in seen]
    # Whatever else stands in documents is taken from one of the worst that were heard.
    heard = [part for part in parts if part.get("gate_reason") != VANTAGE_LOST]
    worst = min(heard or parts, key=lambda part: part["verdict"] != "no-go")
    whole = {**worst, **shared(frame), "vantages": parts}
    whole["environments"] = [_environment(name, parts) for name in _names(parts)]
    whole["engine"] = engine_of(parts)
    return judged(whole, [part.get("gate_reason") for part in parts])


def shared(frame: Json) -> Json:
    """What a run's own document says of the run itself."""
    return {key: frame[key] for key in _OF_THE_RUN if key in frame}


def judged(whole: Json, gate_reasons: Iterable[str | None] = ()) -> Json:
    """``whole`` with the verdict that follows from it and the first of these reasons.

    A document that was a no-go for a reason of its own keeps it.
    """
    reasons = [whole.pop("gate_reason", None), *gate_reasons]
    reason = next((each for each in reasons if each is not None), None)
    if reason is not None:
        whole["gate_reason"] = reason
    against = reason_against({**whole, "verdict": "go"})
    whole["verdict"] = "go" if against is None else "no-go"
    return whole


def _part(name: str, found: Json | None) -> Json:
    """What one vantage point saw, without what all have in common."""
    if found is None:
        return {
            "vantage": name,
            "verdict": "no-go",
            "gate_reason": VANTAGE_LOST,
            "environments": [],
            "engine": {"verdict": "not-checked", "causes": [], "facts": {}},
            "tests": {"passed": 0, "failed": 0, "blocked": 0, "skipped": 0},
        }
    own = {key: value for key, value in found.items() if key not in _SAID_ONCE}
    return {**own, "vantage": name}


def joined(frame: Json, asked: Sequence[Json], *, lost: bool) -> Json:
    """The document of a run whose survey was made in another process.

    ``asked`` are the documents of those that were asked live questions: one, or more
    where the first was ``lost`` or stopped on the way and another had to go on; then
    the worst counts. None is a run that surveyed nothing.
    """
    whole = {**asked[0], **shared(frame)} if asked else dict(frame)
    if len(asked) > 1:
        whole["environments"] = [_worst(name, asked) for name in _names(asked)]
        whole["engine"] = engine_of(asked)
    reasons = [part.get("gate_reason") for part in asked]
    return judged(whole, [VANTAGE_LOST if lost else None, *reasons])


def _names(parts: Sequence[Json]) -> list[str]:
    named = {each["name"]: None for part in parts for each in part["environments"]}
    return list(named)


def _worst(name: str, parts: Sequence[Json]) -> Json:
    found = (_record(part, name) for part in parts)
    known = [record for record in found if record is not None]
    return min(known, key=lambda record: _rank(record["verdict"]))


def _environment(name: str, parts: Sequence[Json]) -> Json:
    """An environment as the worst of its vantage points sees it, and from where."""
    found = [(str(part["vantage"]), _record(part, name)) for part in parts]
    known = [(vantage, record) for vantage, record in found if record is not None]
    vantage, worst = min(known, key=lambda each: _rank(each[1]["verdict"]))
    verdicts = [
        {
            "vantage": place,
            "verdict": record["verdict"] if record else _UNKNOWN,
            "cause": _cause(record),
        }
        for place, record in found
    ]
    seen_from = {
        "vantage": vantage,
        "sentence": sentence(verdicts),
        "verdicts": verdicts,
    }
    return {**worst, "seen_from": seen_from}


def _record(part: Json, name: str) -> Json | None:
    return next((each for each in part["environments"] if each["name"] == name), None)


def _cause(record: Json | None) -> str | None:
    root = record["root_cause"] if record else None
    return root["id"] if root else None


def _rank(verdict: str) -> int:
    return _WORST_FIRST.index(verdict)


def sentence(verdicts: Sequence[Mapping[str, Any]]) -> str:
    """``unreachable only from far; reachable from near``: one sentence over all.

    The worst verdict comes first; a vantage point that was lost comes last.
    """
    groups = {
        verdict: [each["vantage"] for each in verdicts if each["verdict"] == verdict]
        for verdict in (*_WORST_FIRST, _UNKNOWN)
    }
    held = [(verdict, places) for verdict, places in groups.items() if places]
    if len(held) == 1:
        ((verdict, places),) = held
        causes = {each["cause"] for each in verdicts if each["cause"]}
        if len(places) == 1:
            return f"{verdict} from {places[0]}, the only vantage point"
        differ = ", for different reasons" if len(causes) > 1 else ""
        return f"{verdict} from everywhere{differ}"
    (worst, places), *others = held
    only = "only " if len(places) == 1 and worst != "reachable" else ""
    said = [f"{worst} {only}from {_spoken(places)}"]
    said += [f"{verdict} from {_spoken(places)}" for verdict, places in others]
    return "; ".join(said)


def _spoken(places: Sequence[str]) -> str:
    *most, last = places
    return f"{', '.join(most)} and {last}" if most else last


def engine_of(parts: Sequence[Json]) -> Json:
    """The engine as the worst of its vantage points sees it; most see none."""
    engines: list[Json] = [part["engine"] for part in parts]
    return min(engines, key=_engine_rank)


def _engine_rank(engine: Json) -> int:
    verdict = engine["verdict"]
    if verdict == "not-checked" and engine["causes"]:
        verdict = "unread"
    return ("unhealthy", "unread", "healthy", "not-checked").index(verdict)
