"""The status report: which ways to trade are open, as Markdown for a ticket.

Made from the redacted document alone. What a server says can neither format, link,
mention anybody nor break out of its cell.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kalshi_preflight.report.figures import figures
from kalshi_preflight.report.ways import Way, causes, recommended, ways

Json = Mapping[str, Any]

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~!])")
_SHELLS = (("powershell", "PowerShell"), ("posix", "sh"))


def status_text(document: Json, *, vantage: str) -> str | None:
    """The report, or ``None`` if no environment was to be measured."""
    measured = [e for e in document["environments"] if "measurements" in e]
    if not measured:
        return None
    lines = [
        "# Kalshi: which ways to trade are open",
        "",
        f"Seen on {_shown(document['started'])} from {_shown(vantage)}, with this"
        f" machine's key and settings, by kalshi-preflight {_shown(document['suite'])}."
        " Every figure below was measured in that run.",
    ]
    for environment in measured:
        lines += ["", *_environment(environment)]
    return "\n".join(lines) + "\n"


def _environment(environment: Json) -> Iterator[str]:
    rows = ways(environment)
    yield f"## {_shown(environment['name'])}: {_shown(environment['verdict'])}"
    yield ""
    yield from _table(("way", "open", "proof", "closed by"), map(_way_cells, rows))
    yield ""
    for sentence in recommended(environment):
        yield f"- **{_shown(sentence)}**"
    for way in rows:
        if way.note:
            yield f"- {_shown(way.name)}: {_shown(way.note)}"
    told = list(figures(environment))
    if told:
        yield from ("", "### Figures", "")
        yield from _table(("figure", "value", "how it was measured"), told)
    not_measured = environment["measurements"]["not_measured"]
    for name, reason in not_measured.items():
        yield from ("", f"Not measured: {_shown(name)} ({_shown(reason)}).")
    for cause in _worth_telling(environment, rows):
        yield from ("", *_cause(cause))


def _way_cells(way: Way) -> tuple[str, ...]:
    closed_by = str(way.cause["id"]) if way.cause else ""
    return way.name, way.answer.upper(), way.proof, closed_by


def _worth_telling(environment: Json, rows: Iterable[Way]) -> Iterator[Json]:
    """What closes a way, and everything else that was found, each once."""
    told: set[str] = set()
    closing = [way.cause for way in rows if way.cause is not None]
    for cause in (*closing, *causes(environment)):
        if cause["id"] not in told:
            told.add(cause["id"])
            yield cause


def _cause(cause: Json) -> Iterator[str]:
    yield f"### {_shown(cause['id'])} ({cause['severity']}, blame: {cause['blame']})"
    yield from ("", _shown(cause["summary"]))
    hint = cause["hint"]
    if hint is None:
        return
    yield from ("", _shown(hint["why"]))
    for title, commands in (("Check", hint["check"]), ("Mend", hint["fix"])):
        for shell, name in _SHELLS:
            if commands[shell]:
                yield from ("", f"{title} ({name}):", "")
                yield from _fenced(commands[shell])


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    """A block of code whose fence no line of it can close (CommonMark 4.5)."""
    kept = [str(line) for line in lines]
    runs = [len(run) for line in kept for run in re.findall(r"`+", line)]
    fence = "`" * max(3, *(run + 1 for run in runs), 3)
    yield from (fence, *kept, fence)


def _table(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield _row(head)
    yield _row("---" for _ in head)
    for cells in rows:
        yield _row(_shown(cell) for cell in cells)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(text: object) -> str:
    """Text that is only shown: on one line, without markup, markers and mentions."""
    flat = " ".join(str(text).split())
    escaped = _SPECIAL.sub(r"\\\1", flat)
    plain = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("@", "&#64;").replace("://", "&#58;//")
