"""The engine's ``.env`` as bytes and lines, seen as a reader of single lines sees it.

Every script around Scalper V8 splits each line at its first ``=`` and keeps what is
left: quotes, comments and escapes become part of the value. What python-dotenv makes of
the same file stands beside it. No value leaves this module unmasked.
"""

import codecs
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kalshi_preflight.model.secret import Secret

ID_NAMES = ("KALSHI_API_KEY_ID", "KALSHI_KEY_ID")
INLINE, PATH, BASE64 = (
    "KALSHI_PRIVATE_KEY",
    "KALSHI_PRIVATE_KEY_PATH",
    "KALSHI_PRIVATE_KEY_BASE64",
)
KEY_NAMES = (INLINE, PATH, BASE64)
HOST_NAMES = ("KALSHI_BASE_URL", "KALSHI_API_URL", "KALSHI_WS_URL")
NEEDED = (*ID_NAMES, *KEY_NAMES)
WRONG_NAMES = (".env.txt", "env", "env.txt", ".env.example", ".env.local", "_env")
_LARGEST_BYTES = 1 << 20
_BASE64_NAME = re.compile(r"[A-Za-z0-9+/]{20,}")
PROCESS = "the process environment"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that assigns, as it stands: name and value around the first ``=``."""

    number: int
    name: str
    value: Secret
    raw_name: str

    @property
    def export(self) -> bool:
        """Whether the name carries the shell's ``export``."""
        return self.raw_name.startswith(("export ", "export\t"))


@dataclass(slots=True)
class DotenvFile:
    """The file: its state, its assigning lines, the others by number, and both views.

    ``state`` is ``missing``, ``denied`` or ``file``; ``as_parsed`` maps names to what
    python-dotenv gives, ``lines`` to what a reader of single lines gets.
    """

    path: Path
    state: str
    wrong_names: list[str] = field(default_factory=list)
    utf16: bool = False
    bom: bool = False
    entries: list[Entry] = field(default_factory=list)
    no_assignment: list[int] = field(default_factory=list)
    as_parsed: dict[str, Secret] = field(default_factory=dict)

    @property
    def lines(self) -> dict[str, Entry]:
        """The last entry of each name."""
        return {entry.name: entry for entry in self.entries}


def read(path: Path) -> DotenvFile:
    """Read the file; a missing one is looked for under the names it is mistaken for."""
    try:
        if not path.is_file():
            beside = [n for n in WRONG_NAMES if (path.parent / n).is_file()]
            return DotenvFile(path, "missing", wrong_names=beside)
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES)
    except OSError:
        return DotenvFile(path, "denied")
    made = DotenvFile(path, "file")
    made.bom = data.startswith(codecs.BOM_UTF8)
    made.utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:200]
    text = _text(data, utf16=made.utf16)
    _split(text, made)
    made.as_parsed = _library(text)
    return made


def _text(data: bytes, *, utf16: bool) -> str:
    if utf16:
        big = data[:2] == b"\xfe\xff"
        encoding = "utf-16-be" if big else "utf-16-le"
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    return data.decode("utf-8-sig", "replace")


def _split(text: str, made: DotenvFile) -> None:
    quoted = False
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        name, equals, value = bare.partition("=")
        if not equals or quoted:
            if not quoted and not _of_a_key(bare):
                made.no_assignment.append(number)
            quoted = quoted and "-----END" not in bare
            continue
        name, value = name.strip(), value.strip()
        shown = re.sub(r"^export\s+", "", name)
        made.entries.append(Entry(number, shown, Secret(value), name))


def _of_a_key(line: str) -> bool:
    return "-----" in line or re.fullmatch(r"[A-Za-z0-9+/=\"']+", line) is not None


def _library(text: str) -> dict[str, Secret]:
    from dotenv.parser import parse_stream

    return {
        binding.key: Secret(binding.value)
        for binding in parse_stream(io.StringIO(text))
        if binding.key is not None and binding.value is not None
    }


def is_bogus(entry: Entry) -> bool:
    """Whether a line is the tail of a key that was pasted over several lines."""
    return _BASE64_NAME.fullmatch(entry.name) is not None and not entry.name.isupper()


@dataclass(frozen=True, slots=True)
class Effective:
    """The value that counts for one name, and where it stands."""

    name: str
    value: Secret
    source: str


def effective(
    name: str, made: DotenvFile, variables: Mapping[str, str]
) -> Effective | None:
    """The process environment wins over the file, as it does for every loader."""
    if variables.get(name, "").strip():
        return Effective(name, Secret(variables[name]), PROCESS)
    entry = made.lines.get(name)
    if entry is None or not bare(entry.value.reveal()):
        return None
    return Effective(name, entry.value, f"{made.path.name} line {entry.number}")


def bare(value: str) -> str:
    """A value as it was meant: without comment, quotes and blanks around it."""
    text = value.strip()
    if text[:1] not in "\"'" or len(text) < 2:
        text = re.sub(r"\s+#.*$", "", text)
    elif closing := re.match(r"^([\"'])(.*?)\1\s*(?:#.*)?$", text, re.DOTALL):
        text = closing[2]
    return text.strip().strip("\"'\u201c\u201d\u2018\u2019\u200b\ufeff\xa0").strip()


def is_tracked(path: Path) -> bool:
    """Whether a file lies inside a Git work tree and no rule there ignores it."""
    folders = [path.parent, *path.parent.parents]
    root = next((folder for folder in folders if (folder / ".git").exists()), None)
    if root is None:
        return False
    relative = path.relative_to(root).as_posix()
    if relative.encode() in _bytes(root / ".git" / "index"):
        return True
    inner = [f for f in folders if f == root or root in f.parents]
    rules = [root / ".git" / "info" / "exclude"]
    rules += [folder / ".gitignore" for folder in reversed(inner)]
    return not _ignored(relative, path.name, rules)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16 << 20)
    except OSError:
        return b""


def _ignored(relative: str, name: str, rules: list[Path]) -> bool:
    from fnmatch import fnmatchcase

    ignored = False
    for file in rules:
        for line in _bytes(file).decode("utf-8", "replace").splitlines():
            pattern = line.strip()
            if not pattern or pattern.startswith("#"):
                continue
            negated = pattern.startswith("!")
            pattern = pattern.lstrip("!").strip("/").removeprefix("**/")
            hit = fnmatchcase(name, pattern) or fnmatchcase(relative, pattern)
            within = relative.startswith(f"{pattern}/") or f"/{pattern}/" in relative
            if hit or within:
                ignored = not negated
    return ignored


def others_may_read(path: Path) -> str | None:
    """The mode of a file that others may read, on POSIX; ``None`` if none may."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        return None
    return f"{mode:04o}" if os.name == "posix" and mode & 0o077 else None
