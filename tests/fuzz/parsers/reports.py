"""Reports: diagnoses in which an enemy wrote every text, and documents gone wrong."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from kalshi_preflight.model.cause import Blame, Commands, Hint, Severity
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.journey import Journey, Reach, Step
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.report.document import environment_record
from kalshi_preflight.report.html import summary_html
from kalshi_preflight.report.redact import Redactor
from kalshi_preflight.report.terminal import (
    engine_block,
    last_line,
    tally_line,
    verdict_block,
)
from tests.fuzz.campaign import Target
from tests.fuzz.mutation import Chance, chance
from tests.selftest.report.surveys import HOSTILE, REST, cause, diagnosis, made

_SECRET = "c0ffee00-4b5a-4978-8695-a4b3c2d1e0f9"  # noqa: S105  # nobody's
_PIECES = (
    *HOSTILE[:5],
    _SECRET,
    "\x1b]8;;https://x.test\x07",
    "{{ 7*7 }}",
    "{host}",
    "%s%n",
    "\ud800",
    "\U0010ffff",
    "a\u0301" * 50,
    "</script><svg onload=alert(3)>",
    "`$(x)`",
    "x" * 5000,
    "",
)
_VALUES: tuple[Any, ...] = (
    *(None, True, -1, 10**400, 1e308, float("nan"), float("inf"), b"\xff", object()),
    *({}, [], (), {1: 2}, {None: [None]}, {"a": {"b": {"c": {"d": {}}}}}),
)
_TAG = re.compile(r"<(script|svg|img)\b[^>]*(alert|onerror|onload)", re.IGNORECASE)
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def attempt(recipe: bytes) -> str:
    """Terminal and HTML of one hostile diagnosis, then of a document gone wrong."""
    luck = chance(recipe)
    document = Redactor([Secret(_SECRET)]).value(_document(luck))
    _check_screen(document, luck)
    html = summary_html(document)
    assert not _TAG.search(html), "the page does what an enemy says"
    assert _SECRET not in html
    HTMLParser().feed(html)
    broken = _spoiled(document, luck)
    last = last_line(broken)
    assert last.startswith("PREFLIGHT: ")
    _check_screen(broken, luck)
    return last[:40]


def _text(luck: Chance) -> str:
    return "".join(luck.choices(_PIECES, k=luck.randrange(4)))


def _facts(luck: Chance) -> dict[Any, Any]:
    keys = ("status", "addresses", "error", _text(luck), 7)
    return {
        luck.choice(keys): luck.choice((*_VALUES, _text(luck), [_text(luck)]))
        for _ in range(luck.randrange(6))
    }


def _document(luck: Chance) -> dict[str, Any]:
    layer = luck.choice(list(Layer))
    enemy = cause(
        "http-captive-portal",
        layer,
        severity=luck.choice(list(Severity)),
        blame=luck.choice(list(Blame)),
        summary=_text(luck),
        target=_text(luck),
        evidence=_facts(luck),
    )
    elapsed = luck.choice((0.0, 1.5, 1e9))
    evidence = Evidence(layer=layer, facts=_facts(luck), elapsed_ms=elapsed)
    step = Step(layer=layer, evidence=evidence, causes=(enemy,))
    way = Journey(endpoint=REST, target=_text(luck), steps=(step,))
    said = Commands(powershell=(_text(luck),), posix=(_text(luck), _text(luck)))
    hint = Hint(why=_text(luck), check=said, fix=said, more=_text(luck))
    found = diagnosis(
        "production", way, verdict=Reach.UNREACHABLE, root=enemy, others=(enemy,)
    )
    environment_record(found, lambda *_: hint)
    whole: dict[str, Any] = made(found, hints=lambda *_: hint)
    return whole


def _spoiled(document: Any, luck: Chance) -> Any:
    """The document with one or two of its members replaced or gone."""
    copy = _copied(document)
    for _ in range(luck.randrange(1, 4)):
        place = copy
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = luck.choice(list(keys))
            if not isinstance(place[key], dict | list) or luck.random() < 0.2:
                place[key] = luck.choice((None, 5, "x", [], {}, [[]], {"a": 1}, True))
                break
            place = place[key]
    return copy


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(member) for key, member in value.items()}
    return [_copied(m) for m in value] if isinstance(value, list) else value


def _check_screen(document: Any, luck: Chance) -> None:
    """Printable ASCII, and no escapes but our own colours."""
    width, colour = luck.choice((1, 40, 80, 300)), luck.random() < 0.5
    environments = document.get("environments")
    blocks = [tally_line(document)]
    for shell in ("powershell", "posix"):
        for each in environments if isinstance(environments, list) else []:
            if isinstance(each, dict):
                blocks.append(
                    verdict_block(each, width=width, shell=shell, colour=colour)
                )
        if isinstance(engine := document.get("engine"), dict):
            blocks.append(engine_block(engine, width=width, shell=shell, colour=colour))
    text = _ESCAPES.sub("", "\n".join(blocks))
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert _SECRET not in text


def recipes() -> Sequence[bytes]:
    """What the enemy's words are drawn from."""
    return [b"%d" % number for number in range(64)]


TARGET = Target(
    name="reports",
    modules=(
        "report.document",
        "report.redact",
        "report.encodings",
        "report.plain",
        "report.ascii",
        "report.ladder",
        "report.terminal",
        "report.html",
        "report.verdict",
    ),
    attempt=attempt,
    short=150,
    whole=3_000,
    healthy=recipes,
)
