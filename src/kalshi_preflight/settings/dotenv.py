"""The dotenv file: found, read as python-dotenv reads it, and looked at line by line.

The values are what a program gets that uses python-dotenv without interpolation; the
remark says what such a program, or a hand-written reader, makes of the rest. Nothing is
put into the process environment.
"""

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from kalshi_preflight.model.credentials import Remark, Setting
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings.dotenv_scan import Problem, read_lines, scan
from kalshi_preflight.settings.errors import SettingsError
from kalshi_preflight.settings.files import FileError, looks_utf16, read_bytes

_NOTHING: Mapping[str, Setting] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dotenv:
    """What one dotenv file says; ``path`` is ``None`` if there is none.

    ``values`` maps a name to the last setting of that name; ``remarks`` holds at most
    one ``dotenv-malformed``; ``pem_lines`` are the lines of keys pasted into the file,
    which no value holds but every output has to be kept free of.
    """

    path: Path | None = None
    values: Mapping[str, Setting] = field(default_factory=lambda: _NOTHING)
    remarks: tuple[Remark, ...] = ()
    pem_lines: tuple[Secret, ...] = ()


def read_dotenv(
    path: Path | None,
    *,
    v8_home: Path | None,
    cwd: Path,
    windows: bool = os.name == "nt",
) -> Dotenv:
    """Read the file given, else the V8 workspace's ``.env``, else the one in ``cwd``.

    None of them is fine. A *given* file that cannot be read is a
    :class:`SettingsError`; one that was merely found and cannot be read is a remark.
    ``windows`` is whether CR LF is this machine's own line end and not worth a word.
    """
    if path is not None:
        found = cwd / path
        try:
            return _parse(found, read_bytes(found), windows=windows)
        except FileError as problem:
            raise SettingsError(f"--dotenv: {found} {problem}") from None
    homes = [home for home in (v8_home, cwd) if home is not None]
    candidates = [cwd / home / ".env" for home in homes]
    found_one = next((file for file in candidates if _is_file(file)), None)
    if found_one is None:
        return Dotenv()
    try:
        return _parse(found_one, read_bytes(found_one), windows=windows)
    except FileError as problem:
        unread = Problem("unreadable", f"the file {problem}")
        return Dotenv(path=found_one, remarks=(_remark(found_one, [unread]),))


def _is_file(path: Path) -> bool:
    """Whether a file is there; a folder of this name is often a virtual environment."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _parse(path: Path, data: bytes, *, windows: bool) -> Dotenv:
    text, problems = _decode(data)
    if not windows and (crlf := _lines_with_crlf(text)):
        says = "Windows line ends; a reader of one's own may keep the CR in the value"
        problems.append(Problem("crlf", says, lines=crlf))
    lines = read_lines(text)
    pem_lines, found = scan(text, lines)
    values = {
        line.name: Setting(
            name=line.name,
            source=f"{path} line {line.number}",
            value=Secret(line.value),
        )
        for line in lines
        if line.name is not None
        and line.value is not None
        # The lines of a pasted key are no variables, whatever a reader makes of them.
        and line.number not in pem_lines.bogus
    }
    problems.extend(found)
    return Dotenv(
        path=path,
        values=MappingProxyType(values),
        remarks=(_remark(path, problems),) if problems else (),
        pem_lines=tuple(Secret(body) for body in pem_lines.bodies),
    )


def _decode(data: bytes) -> tuple[str, list[Problem]]:
    """The text, decoded whatever it takes, and what was wrong with its encoding."""
    if looks_utf16(data):
        says = "written as UTF-16, as `>` does in Windows PowerShell: readers fail"
        encoding = "utf-16-be" if data[:2] == codecs.BOM_UTF16_BE else "utf-16-le"
        text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
        return text, [Problem("utf-16", says, lines=(1,))]
    problems = []
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        says = "a byte order mark; a reader of one's own takes it for part of a name"
        problems.append(Problem("bom", says, lines=(1,)))
    try:
        return data.decode("utf-8"), problems
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        says = "a byte that is not UTF-8: readers fail"
        problems.append(Problem("not-utf-8", says, lines=(line,)))
        return data.decode("utf-8", errors="replace"), problems


def _lines_with_crlf(text: str) -> tuple[int, ...]:
    lines = text.split("\n")[:-1]
    return tuple(n for n, line in enumerate(lines, 1) if line.endswith("\r"))


def _remark(path: Path, problems: list[Problem]) -> Remark:
    return Remark(
        cause="dotenv-malformed",
        particulars={
            "file": str(path),
            "problems": [problem.as_particulars() for problem in problems],
        },
    )
