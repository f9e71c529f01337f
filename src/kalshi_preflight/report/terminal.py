"""The terminal: the verdict on an environment in 80 columns of ASCII.

Made from the document alone, so that the screen and the file can never disagree.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kalshi_preflight.model.cause import AnyCause, Cause, EngineCause, Hint
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.report.ascii import (
    ascii_command,
    ascii_text,
    fitted,
    inert,
    wrapped,
)
from kalshi_preflight.report.document import cause_record
from kalshi_preflight.report.ladder import duration, telling_facts
from kalshi_preflight.report.places import vantage_lines
from kalshi_preflight.report.verdict import reason_against

Shell = Literal["powershell", "posix"]
Json = Mapping[str, Any]

#: Under this width a ladder cannot be drawn; a narrower wish is taken for this one.
NARROWEST = 40

_SHELL_NAMES = {"powershell": "PowerShell", "posix": "shell"}
_STATUS_WORDS = {
    "ok": "ok",
    "warned": "WARNED",
    "broken": "BROKEN",
    "skipped": "skipped",
}
# SGR parameters (ECMA-48 8.3.117): colours of the first eight, readable on black and
# on white; the words say the same without them.
_COLOURS = {
    "head": "1",
    "ok": "32",
    "reachable": "1;32",
    "warned": "33",
    "warning": "33",
    "degraded": "1;33",
    "broken": "1;31",
    "unreachable": "1;31",
    "healthy": "1;32",
    "unhealthy": "1;31",
    "not-checked": "1;33",
    "blocked": "2",
    "skipped": "2",
}
Paint = Callable[[str, str], str]


def verdict_block(
    document_environment: Json, *, width: int, shell: Shell, colour: bool
) -> str:
    """One environment of the document as people read it, without a final line break.

    Printable ASCII (and SGR if ``colour``); no line is longer than ``width`` but for
    commands, which are never cut, so that a copied command works.
    """
    width = max(width, NARROWEST)
    paint: Paint = _painted if colour else _unpainted
    root = document_environment.get("root_cause")
    others = _mappings(document_environment.get("other_causes"))
    lines = [_heading(document_environment, width, paint)]
    lines += vantage_lines(document_environment, width, paint)
    for journey in _mappings(document_environment.get("journeys")):
        lines += ["", *_ladder(journey, width, paint)]
    if isinstance(root, Mapping):
        lines += ["", *_titled(root, width, paint)]
        lines += _explained(root, width, shell, paint)
    if others:
        lines += ["", paint("ALSO FOUND", "head")]
        for cause in others:
            lines += _mentioned(cause, width, shell, paint)
    return inert("\n".join(lines))


def engine_block(engine: Json, *, width: int, shell: Shell, colour: bool) -> str:
    """The engine of the document as people read it: cash is never taken for equity."""
    width = max(width, NARROWEST)
    paint: Paint = _painted if colour else _unpainted
    named = {"name": "engine", "verdict": engine.get("verdict")}
    lines = [_heading(named, width, paint)]
    lines += _books(engine.get("facts"), width)
    causes = _mappings(engine.get("causes"))
    broken = [cause for cause in causes if cause.get("severity") == "broken"]
    for cause in broken[:1]:
        lines += ["", *_titled(cause, width, paint)]
        lines += _explained(cause, width, shell, paint)
    others = [cause for cause in causes if cause not in broken[:1]]
    if others:
        lines += ["", paint("ALSO FOUND", "head")]
        for cause in others:
            lines += _mentioned(cause, width, shell, paint)
    return inert("\n".join(lines))


#: What the two sides say of the same thing: words, the account's fact, and ours.
_SIDES = (
    ("cash", "cash_dollars", None),
    ("value of positions", "portfolio_value_dollars", None),
    ("locked in resting orders", "locked_dollars", None),
    ("open positions", "positions", "positions"),
    ("resting orders", "resting_orders", None),
    ("fills", "fills", "fills"),
)


def _books(facts: object, width: int) -> Iterator[str]:
    """What the exchange says and what the engine's database says, side by side."""
    if not isinstance(facts, Mapping):
        return
    account, base = facts.get("account"), facts.get("database")
    base = base if isinstance(base, Mapping) else {}
    if base.get("newest_snapshot"):
        yield fitted(f"  newest snapshot  {ascii_text(base['newest_snapshot'])}", width)
    if not isinstance(account, Mapping):
        return
    counts = base.get("counts")
    counts = counts if isinstance(counts, Mapping) else {}
    yield ""
    yield fitted(f"  {'':<26}{'exchange':>14}{'database':>14}", width)
    for words, theirs, ours in _SIDES:
        own = counts.get(ours, "-") if ours else "-"
        if theirs == "cash_dollars" and isinstance(base.get("cash_cents"), int):
            own = f"{base['cash_cents'] / 100:.2f}"
        said = ascii_text(account.get(theirs, "-"))
        yield fitted(f"  {words:<26}{said:>14}{ascii_text(own):>14}", width)


def _heading(environment: Json, width: int, paint: Paint) -> str:
    name = fitted(ascii_text(environment.get("name", "?")), width - 20)
    verdict = ascii_text(environment.get("verdict", "unknown"))
    shown = fitted(verdict.upper(), width - len(name) - 9)
    rule = "=" * (width - len(name) - len(shown) - 6)
    return f"== {paint(name, 'head')}: {paint(shown, verdict)} {rule}"


def _ladder(journey: Json, width: int, paint: Paint) -> Iterator[str]:
    """The endpoint and its target, then one line a layer, lowest first."""
    endpoint = ascii_text(journey.get("endpoint", "?"))
    target = ascii_text(journey.get("target", ""))
    line = fitted(f"{endpoint}  {target}", width - 2)
    yield f"  {paint(line[: len(endpoint)], 'head')}{line[len(endpoint) :]}"
    for step in _mappings(journey.get("steps")):
        yield _rung(step, width, paint)


def _rung(step: Json, width: int, paint: Paint) -> str:
    layer = f"    {fitted(ascii_text(step.get('layer', '?')), 9):<9}  "
    status = ascii_text(step.get("status", "?"))
    if status == "blocked":
        blocked = f"blocked by {ascii_text(step.get('blocked_by'))}"
        return layer + paint(fitted(blocked, width - len(layer)), "blocked")
    word = f"{fitted(_STATUS_WORDS.get(status, status), 7):<7}"
    taken = "" if status == "skipped" else duration(step.get("elapsed_ms"))
    time = f"{taken:>9}"
    room = width - len(layer) - len(word) - len(time) - 2
    told = fitted(_told(step), room)
    return f"{layer}{paint(word, status)}{time}  {told}".rstrip()


def _told(step: Json) -> str:
    cause, facts = step.get("cause"), telling_facts(step)
    return ascii_text(": ".join(str(part) for part in (cause, facts) if part))


def _explained(cause: Json, width: int, shell: Shell, paint: Paint) -> Iterator[str]:
    """What happened, and everything that the cause's hint says."""
    yield wrapped(ascii_text(cause.get("summary", "")), width, first="  ")
    hint = cause.get("hint")
    if not isinstance(hint, Mapping):
        return
    if hint.get("why"):
        yield ""
        yield _labelled("Why", ascii_text(hint["why"]), width, paint)
    for label, part in (("Check", "check"), ("Fix", "fix")):
        commands = _commands(hint.get(part), shell)
        if commands:
            yield ""
            yield f"  {paint(label, 'head')} ({_SHELL_NAMES[shell]})"
            yield from _typed(commands, width)
    if hint.get("more"):
        yield ""
        yield f"  {paint('More', 'head')}   {ascii_command(hint['more'])}"


def _titled(cause: Json, width: int, paint: Paint) -> Iterator[str]:
    title = "ROOT CAUSE"
    name = ascii_text(cause.get("id", "?"))
    blame = f"(blame: {ascii_text(cause.get('blame', 'unknown'))})"
    if len(title) + len(name) + len(blame) + 3 <= width:
        yield f"{paint(title, 'head')}  {paint(name, 'broken')} {blame}"
        return
    yield paint(title, "head")
    yield wrapped(f"{name} {blame}", width, first="  ")


def _labelled(label: str, text: str, width: int, paint: Paint) -> str:
    first = f"  {label:<5}  "
    block = wrapped(text, width, first=first)
    return block.replace(first, f"  {paint(label, 'head')}{first[2 + len(label) :]}", 1)


def _commands(commands: object, shell: Shell) -> list[str]:
    lines = commands.get(shell) if isinstance(commands, Mapping) else None
    return [str(line) for line in lines] if isinstance(lines, list) else []


def _typed(commands: list[str], width: int) -> Iterator[str]:
    """Commands, each whole on its line; instructions for a person are wrapped."""
    for command in commands:
        if command.startswith("#"):
            said = ascii_text(command.lstrip("# "))
            yield wrapped(said, width, first="    # ", rest="    # ")
        else:
            yield f"    {ascii_command(command)}"
    if not all(command.isascii() for command in commands):
        note = "A \\ with a number stands for a letter that not every console shows."
        yield wrapped(note, width, first="    # ", rest="    # ")


def _mentioned(cause: Json, width: int, shell: Shell, paint: Paint) -> Iterator[str]:
    """A cause that is not the root: what it is, then its first remedy."""
    severity = ascii_text(cause.get("severity", "note"))
    name = ascii_text(cause.get("id", "?"))
    where = (cause[key] for key in ("endpoint", "blame") if key in cause)
    place = f"({', '.join(map(ascii_text, where))})"
    first = f"  {fitted(severity, 7):<7}  "
    said = f"{name} {place}: {ascii_text(cause.get('summary', ''))}"
    block = wrapped(said, width, first=first, lines=2 if width > 60 else 4)
    yield block.replace(first, f"  {paint(first[2:9], severity)}  ", 1)
    hint = cause.get("hint")
    fixes = _commands(hint.get("fix"), shell) if isinstance(hint, Mapping) else []
    for fix in fixes[:1]:
        yield from _remedy(fix, width, " " * len(first) + "fix: ")


def _remedy(fix: str, width: int, indent: str) -> Iterator[str]:
    if fix.startswith("#"):
        yield wrapped(ascii_text(fix.lstrip("# ")), width, first=indent)
    else:
        yield indent + ascii_command(fix)


def failure_text(
    environment: str,
    endpoint: EndpointKind | str,
    cause: Cause,
    hint: Hint | None,
    *,
    width: int,
    shell: Shell,
    redact: Callable[[Any], Any] = lambda value: value,
    asked: str | None = None,
) -> str:
    """What a failed live test shows instead of a traceback.

    The first line has the environment, the endpoint, the layer and the cause's id.
    ``redact`` (a redactor's ``value``) sees the cause before its lines are broken:
    afterwards a secret could straddle two lines. With ``asked``, the question in
    words, it is the brief form, for a screen on which the verdict follows.
    """
    place = f"{environment} / {endpoint} / {cause.layer.value}"
    told = _Told(width=width, shell=shell, redact=redact, asked=asked)
    return _failure(place, cause, hint, told)


def engine_failure_text(
    cause: EngineCause,
    hint: Hint | None,
    *,
    width: int,
    shell: Shell,
    redact: Callable[[Any], Any] = lambda value: value,
    asked: str | None = None,
) -> str:
    """The same for a question about the engine."""
    told = _Told(width=width, shell=shell, redact=redact, asked=asked)
    return _failure("engine", cause, hint, told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """How a failure is told: see :func:`failure_text`."""

    width: int
    shell: Shell
    redact: Callable[[Any], Any]
    asked: str | None


def _failure(place: str, cause: AnyCause, hint: Hint | None, told: _Told) -> str:
    width = max(told.width, NARROWEST)
    record = told.redact(cause_record(cause, hint))
    blamed = f"{cause.id} (blame: {cause.blame.value})"
    lines = [wrapped(ascii_text(f"{place}: {blamed}"), width, rest="  ")]
    if told.asked is None:
        lines += _explained(record, width, told.shell, _unpainted)
    else:
        lines += _briefly(record, told.asked, width)
    return inert("\n".join(lines))


def _briefly(cause: Json, asked: str, width: int) -> Iterator[str]:
    yield _labelled("Asked", ascii_text(asked), width, _unpainted)
    yield _labelled("Found", ascii_text(cause.get("summary", "")), width, _unpainted)
    yield _labelled("Fix", "see ROOT CAUSE, below", width, _unpainted)


def tally_line(document: Json) -> str:
    """``31 passed, 0 failed, 0 blocked, 2 skipped in 0.41 s``, from the document."""
    tests = document.get("tests")
    counts = tests if isinstance(tests, Mapping) else {}
    words = ("passed", "failed", "blocked", "skipped")
    said = ", ".join(f"{ascii_text(counts.get(word, 0))} {word}" for word in words)
    return f"{said} in {duration(document.get('duration_ms'))}"


def last_line(document: object) -> str:
    """``PREFLIGHT: GO`` or ``PREFLIGHT: NO-GO <cause id>``, from the document alone.

    Whatever is not a whole, sound document is NO-GO; nothing makes this raise.
    """
    against = reason_against(document)
    return "PREFLIGHT: GO" if against is None else f"PREFLIGHT: NO-GO {against}"


def _mappings(members: object) -> list[Json]:
    if not isinstance(members, list):
        return []
    return [member for member in members if isinstance(member, Mapping)]


def _painted(text: str, style: str) -> str:
    code = _COLOURS.get(style)
    return f"\x1b[{code}m{text}\x1b[0m" if code else text


def _unpainted(text: str, style: str) -> str:
    del style
    return text
