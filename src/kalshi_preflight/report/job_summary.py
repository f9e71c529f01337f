"""The document as Markdown, for the summary page of a GitHub job.

What a server said is quoted with every punctuation mark escaped (CommonMark 2.4) that
could make it markup, a link, a picture, an address to click or another cell of a table.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.html import SIGNS, matrix_rows
from kalshi_preflight.report.ladder import duration
from kalshi_preflight.report.plain import plain_text
from kalshi_preflight.report.terminal import last_line, tally_line

Json = Mapping[str, Any]
#: GitHub refuses a summary of more than 1 MiB as a whole.
LARGEST_BYTES = 900_000
_CUT = "\n*The rest was cut; all of it is in `diagnosis.json`.*\n"
_PUNCTUATION = re.compile(r"([!#$&*+\-.:<=>@\[\\\]^_`{|}~])")
_BACKTICKS = re.compile("`+")
_SHELLS = (("powershell", "PowerShell"), ("posix", "shell"))
_FENCE_WORDS = {"powershell": "powershell", "posix": "sh"}


def job_summary(document: Json) -> str:
    """The verdict, a matrix of environments and layers, and each cause's remedy.

    ``document`` is one that the schema allows, redacted before.
    """
    kept, size = [], 0
    for section in _sections(document):
        size += len(section.encode("utf-8", "replace"))
        if size > LARGEST_BYTES:
            kept.append(_CUT)
            break
        kept.append(section)
    return "".join(kept)


def _sections(document: Json) -> Iterator[str]:
    yield f"## {quoted(last_line(document))}\n\n{quoted(_told(document))}\n\n"
    if document["environments"]:
        yield "\n".join(_matrix(document)) + "\n\n"
    for environment in document["environments"]:
        yield from _environment(environment)
    engine = document["engine"]
    if engine["verdict"] != "not-checked" or engine["causes"]:
        yield from _engine(engine)


def _told(document: Json) -> str:
    vantage = document.get("vantage")
    seen = f", seen from {vantage}" if vantage else ""
    return f"{tally_line(document)}, {document['started']}{seen}"


def _matrix(document: Json) -> Iterator[str]:
    layers = [layer.value for layer in Layer]
    yield f"| environment | endpoint | {' | '.join(layers)} |"
    yield "|" + " --- |" * (len(layers) + 2)
    for environment in document["environments"]:
        for row in matrix_rows(environment):
            cells = [quoted(row["environment"]), quoted(row["endpoint"])]
            cells += [_cell(step) for step in row["steps"]]
            yield f"| {' | '.join(cells)} |"


def _cell(step: Json | None) -> str:
    """A sign, the time, and the cause: of a blocked step the one that blocks it."""
    if step is None:
        return ""
    status = step["status"]
    taken = status in ("ok", "warned", "broken")
    words = [
        SIGNS.get(status, status),
        duration(step["elapsed_ms"]) if taken else status,
        step["cause"] or step["blocked_by"] or "",
    ]
    return quoted(" ".join(word for word in words if word))


def _environment(environment: Json) -> Iterator[str]:
    yield f"### {quoted(environment['name'])}: {quoted(environment['verdict'])}\n\n"
    if environment["root_cause"] is not None:
        yield _whole(environment["root_cause"])
    for cause in environment["other_causes"]:
        yield _mentioned(cause)
    yield "\n"


def _engine(engine: Json) -> Iterator[str]:
    yield f"### engine: {quoted(engine['verdict'])}\n\n"
    broken = [cause for cause in engine["causes"] if cause["severity"] == "broken"]
    for cause in broken[:1]:
        yield _whole(cause)
    for cause in engine["causes"]:
        if cause not in broken[:1]:
            yield _mentioned(cause)


def _whole(cause: Json) -> str:
    """The cause to mend: what happened, why, and every command for both shells."""
    blame = f"(blame: {quoted(cause['blame'])})"
    lines = [f"**ROOT CAUSE {quoted(cause['id'])}** {blame}", quoted(cause["summary"])]
    hint = cause.get("hint")
    if hint is not None:
        lines.append(quoted(hint["why"]))
        for title in ("check", "fix"):
            lines += _commands(title, hint[title])
        if hint["more"]:
            lines.append(f"More: {quoted(hint['more'])}")
    return "\n\n".join(lines) + "\n\n"


def _commands(title: str, commands: Json) -> Iterator[str]:
    for shell, shown in _SHELLS:
        if commands[shell]:
            yield f"**{title.capitalize()}** ({shown})"
            yield fenced(commands[shell], _FENCE_WORDS[shell])


def _mentioned(cause: Json) -> str:
    """A cause that is not the root, on one line, with its first remedy."""
    where = [cause[key] for key in ("endpoint", "blame") if key in cause]
    named = f"**{quoted(cause['severity'])}** {quoted(cause['id'])}"
    line = f"- {named} ({quoted(', '.join(where))}): {quoted(cause['summary'])}"
    hint = cause.get("hint")
    fixes = hint["fix"] if hint is not None else {}
    for shell, shown in _SHELLS:
        for fix in fixes.get(shell, ())[:1]:
            line += f"\n  - fix ({shown}): {coded(fix)}"
    return f"{line}\n"


def quoted(text: object) -> str:
    """``text`` on one line as itself, wherever in Markdown it stands."""
    return _PUNCTUATION.sub(r"\\\1", plain_text(str(text)).strip())


def coded(text: object) -> str:
    """``text`` as a code span: the backticks around it outnumber those in it."""
    line = plain_text(str(text)).strip()
    ticks = _longer_than_any(line, 1)
    return f"{ticks} {line} {ticks}" if line else ""


def fenced(lines: list[str], word: str) -> str:
    """``lines`` as a block of code whose end none of them can be."""
    told = "\n".join(plain_text(str(line)) for line in lines)
    fence = _longer_than_any(told, 3)
    return f"{fence}{word}\n{told}\n{fence}"


def _longer_than_any(text: str, least: int) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
