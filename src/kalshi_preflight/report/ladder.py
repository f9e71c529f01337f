"""The one fact of a step that tells most, and words for times: for every reader.

Probes name many facts; one line has room for one or two. The first of the wished ones
that a step has is shown, so that a probe may learn more facts without changes here.
"""

from collections.abc import Mapping
from typing import Any

#: For each layer the facts worth a reader's glance, in the order of their worth, with
#: the words around them. A layer shows the first two that its step has.
TELLING: Mapping[str, tuple[tuple[str, str], ...]] = {
    "dns": (("skipped", "{}"), ("addresses", "{}"), ("rcode", "{}")),
    "tcp": (("skipped", "{}"), ("connected_to", "{}"), ("proxy", "through {}")),
    "tls": (
        ("skipped", "{}"),
        ("version", "{}"),
        ("days_left", "certificate good for {} days"),
    ),
    "http": (
        ("skipped", "{}"),
        ("status", "HTTP {}"),
        ("trading_active", "trading active: {}"),
    ),
    "auth": (
        ("skipped", "{}"),
        ("key_id", "key {}"),
        ("algorithm", "{}"),
    ),
    "websocket": (
        ("skipped", "{}"),
        ("subscribed", "subscribed to {}"),
        ("pong_ms", "pong after {} ms"),
    ),
    "fix": (
        ("skipped", "{}"),
        ("text", "{}"),
        ("logon_ms", "logged on after {} ms"),
        ("heartbeat_ms", "heartbeat after {} ms"),
    ),
}
_SHOWN = 2


def telling_facts(step: Mapping[str, Any]) -> str:
    """What a step of the document is best told by, or ``""``; server text and all."""
    facts = step.get("facts")
    if not isinstance(facts, Mapping):
        return ""
    wished = TELLING.get(str(step.get("layer")), ())
    told = [
        words.format(spoken(facts[name]))
        for name, words in wished
        if facts.get(name) not in (None, "", [], {})
    ]
    return ", ".join(told[:_SHOWN]) or _first_simple(facts)


def _first_simple(facts: Mapping[str, Any]) -> str:
    simple = (
        f"{name.replace('_', ' ')} {spoken(fact)}"
        for name, fact in facts.items()
        if isinstance(fact, str | int | float) and fact != ""
    )
    return next(simple, "")


def spoken(fact: Any) -> str:
    """A fact in words: three members of a list at most, truth as yes and no."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, list):
        more = f" and {len(fact) - 3} more" if len(fact) > 3 else ""
        return ", ".join(spoken(member) for member in fact[:3]) + more
    if isinstance(fact, Mapping):
        return ", ".join(f"{name} {spoken(member)}" for name, member in fact.items())
    return str(fact)


def duration(elapsed_ms: object) -> str:
    """``1.9 ms``, ``412 ms`` or ``5.00 s``: three digits are enough for a reader."""
    if not isinstance(elapsed_ms, int | float):
        return "-"
    if elapsed_ms >= 1000:
        return f"{elapsed_ms / 1000:.2f} s"
    return f"{elapsed_ms:.1f} ms" if elapsed_ms < 100 else f"{elapsed_ms:.0f} ms"
