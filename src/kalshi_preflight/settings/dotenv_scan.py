"""What is odd about the lines of a dotenv file, by line number.

A line number, a rule's name and a variable's name are all that leaves this module: the
lines themselves may be pieces of a private key.
"""

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kalshi_preflight.model.secret import is_quotable

_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]+")
_END = "-----END"
_BODY = re.compile(r"[\s\"']*[A-Za-z0-9+/=]*[\s\"']*|[A-Za-z-]+: .*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_OPEN_QUOTE = re.compile(r"\s*(?:export\s+)?[^\s=]+\s*=\s*[\"']")
_SWALLOWED = re.compile(r"\n\s*[A-Z][A-Z0-9_]{2,}\s*=")


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of oddity: its name, what it does, and the lines and names it is in."""

    problem: str
    says: str
    lines: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def as_particulars(self) -> dict[str, object]:
        """The same, JSON-shaped."""
        return {
            "problem": self.problem,
            "says": self.says,
            "lines": list(self.lines),
            "names": [name for name in self.names if is_quotable(name)],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment, or one thing that is none, as python-dotenv parses it.

    It may span several lines of text; ``number`` is the first of them, from 1.
    """

    number: int
    text: str
    name: str | None
    value: str | None
    error: bool

    @property
    def last_number(self) -> int:
        """The number of the last line of text it spans."""
        return self.number + len(self.text.rstrip("\r\n").splitlines()) - 1


@dataclass(frozen=True, slots=True)
class PemLines:
    """Where keys were pasted over several lines.

    ``bogus`` are the numbers of lines that a line-wise reader takes for assignments of
    their own; ``bodies`` the texts of all lines of the keys, which are secret.
    """

    bogus: frozenset[int] = frozenset()
    bodies: tuple[str, ...] = ()


def read_lines(text: str) -> list[Line]:
    """The file as python-dotenv's own parser sees it, comments left out."""
    from dotenv.parser import parse_stream

    lines = []
    for binding in parse_stream(io.StringIO(text)):
        whole = binding.original.string
        stripped = whole.lstrip()
        # The parser counts the blank lines before an assignment as part of it.
        skipped = _line_ends(whole[: len(whole) - len(stripped)])
        if binding.key is None and not binding.error:
            continue
        number = binding.original.line + skipped
        lines.append(Line(number, stripped, binding.key, binding.value, binding.error))
    return lines


def scan(text: str, lines: Sequence[Line]) -> tuple[PemLines, list[Problem]]:
    """The pasted keys, and every oddity of the lines outside them."""
    pem_lines, problems = _pasted_keys(text, lines)
    outside = [line for line in lines if line.number not in pem_lines.bogus]
    problems.extend(_duplicates(outside))
    for name, says, applies in _RULES:
        hits = [line for line in outside if applies(line)]
        if hits:
            problems.append(_problem(name, says, hits))
    return pem_lines, problems


def _problem(name: str, says: str, hits: Iterable[Line]) -> Problem:
    hits = list(hits)
    numbers = tuple(line.number for line in hits)
    names = tuple(dict.fromkeys(line.name for line in hits if line.name))
    return Problem(name, says, lines=numbers, names=names)


def _line_ends(text: str) -> int:
    return len(re.findall(r"\r\n|\n|\r", text))


@dataclass(slots=True)
class _Paste:
    """One key while it is being followed from its BEGIN line to its end."""

    first: int
    rows: list[str] = field(default_factory=list)


def _pastes(text: str) -> list[_Paste]:
    """Every PEM that spans more than one line of text."""
    pastes: list[_Paste] = []
    current: _Paste | None = None
    for number, row in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if _BEGIN.search(row) and not row.lstrip().startswith("#"):
            current = _Paste(number, [row])
            pastes.append(current)
        elif current is not None and (_END in row or _BODY.fullmatch(row)):
            current.rows.append(row)
        else:
            current = None
        if _END in row:
            current = None
    return [paste for paste in pastes if any(row.strip() for row in paste.rows[1:])]


def _pasted_keys(text: str, lines: Sequence[Line]) -> tuple[PemLines, list[Problem]]:
    quoted_at = {
        line.number for line in lines if line.last_number > line.number and line.name
    }
    bogus: set[int] = set()
    bodies: list[str] = []
    cut: list[int] = []
    quoted: list[int] = []
    for paste in _pastes(text):
        (quoted if paste.first in quoted_at else cut).append(paste.first)
        bogus.update(range(paste.first + 1, paste.first + len(paste.rows)))
        bodies.extend(row.strip(" \t\"'") for row in paste.rows[1:])
        bodies.append(paste.rows[0].partition("-----")[2])
    problems = []
    if cut:
        says = "a key pasted over several lines without quotes: only its first is read"
        problems.append(Problem("key-cut", says, lines=tuple(cut)))
    if quoted:
        says = "a key over several lines: readers of single lines get only its first"
        problems.append(Problem("key-over-several-lines", says, lines=tuple(quoted)))
    return PemLines(frozenset(bogus), tuple(filter(None, bodies))), problems


def _duplicates(lines: Sequence[Line]) -> list[Problem]:
    by_name: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.name is not None:
            by_name[line.name].append(line)
    hits = [line for twins in by_name.values() if len(twins) > 1 for line in twins]
    says = "the same name more than once: the last one wins"
    return [_problem("duplicate", says, hits)] if hits else []


def _is_open_quote(line: Line) -> bool:
    if line.error:
        return _OPEN_QUOTE.match(line.text) is not None
    return line.value is not None and _SWALLOWED.search(line.value) is not None


def _is_no_assignment(line: Line) -> bool:
    return (line.error and not _is_open_quote(line)) or (
        line.name is not None and line.value is None
    )


def _has_escaped_path(line: Line) -> bool:
    is_path = line.name is not None and line.name.endswith(("_PATH", "_FILE"))
    return is_path and any(c in "\n\t\r\b\f\v\a" for c in line.value or "")


#: Name of the oddity, what it does, and how it is told.
_RULES: tuple[tuple[str, str, Callable[[Line], bool]], ...] = (
    (
        "export",
        "`export` before the name: readers of one's own take it for part of the name",
        lambda line: line.text.startswith(("export ", "export\t")),
    ),
    (
        "open-quote",
        "a quote that is not closed: the line, or the lines after it, are lost",
        _is_open_quote,
    ),
    (
        "typographic-quote",
        "typographic quotes: they are part of the value",
        lambda line: (line.value or "").startswith(("\u201c", "\u201d", "\u2018")),
    ),
    (
        "no-assignment",
        "not NAME=value: the line is ignored",
        _is_no_assignment,
    ),
    (
        "odd-name",
        "a name that no program asks for (`set`, `$env:` or a stray character)",
        lambda line: line.name is not None and not _NAME.fullmatch(line.name),
    ),
    (
        "escapes-in-path",
        "a path in double quotes whose \\n or \\t became a line end or a tab",
        _has_escaped_path,
    ),
    (
        "interpolation",
        "${...} in the value: some readers replace it, this suite does not",
        lambda line: "${" in (line.value or ""),
    ),
)
