"""A log's tail as records: decoded line by line, and each with its time if it has one.

Files are met that change their encoding half-way: PowerShell 5.1 appends UTF-16 to what
another program wrote in eight bits. So the encoding is decided for each line.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.stamps import Stamp, parse

_STAMP = re.compile(
    r"^\W{0,3}(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
    r"(?:[zZ]|[+-]\d\d:?\d\d| UTC)?)"
)
_JSON_TIMES = ("ts", "time", "timestamp", "asctime", "@timestamp")
_LONGEST = 2000


@dataclass(slots=True)
class Record:
    """One entry: its text with all continuation lines, and its stamp if it has one."""

    text: str
    stamp: Stamp | None
    unix: float | None = None


def tail(path: Path, size_bytes: int) -> tuple[bytes, int, float]:
    """The last bytes of a file, its whole size and its time; opened, read and closed.

    On Windows an open file cannot be renamed: a reader that lingers would stop the
    engine from rotating its log.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        begin = max(0, size - size_bytes)
        # UTF-16 has two bytes a character: an odd beginning would swap them all.
        file.seek(begin - begin % 2)
        data = file.read(size_bytes + 2)
    if begin:
        data = data[data.find(b"\n") + 1 :]
    return data, size, path.stat().st_mtime


def decoded(data: bytes) -> tuple[list[str], set[str]]:
    """The lines, and the encodings that were met in them."""
    met: set[str] = set()
    lines = []
    for number, piece in enumerate(data.split(b"\n")):
        if number == 0 and piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
            met.add("utf-16")
        text, encoding = _line(piece)
        lines.append(text.strip("\ufeff\r\0"))
        if encoding and text.strip("\ufeff\r\0 "):
            met.add(encoding)
    return lines, met


def _line(piece: bytes) -> tuple[str, str]:
    zeros = piece.count(0)
    if zeros * 3 > len(piece):
        if piece[:1] == b"\0":
            piece = piece[1:]  # the second half of the line end before
        big = piece[0::2].count(0) > piece[1::2].count(0)
        encoding = "utf-16-be" if big else "utf-16-le"
        return piece.decode(encoding, "replace"), "utf-16"
    piece = piece.removeprefix(b"\xff\xfe").removeprefix(b"\0")
    if piece.isascii():
        return piece.decode("ascii"), "ascii" if piece else ""
    try:
        return piece.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return piece.decode("cp1252", "replace"), "cp1252"


def records(lines: list[str]) -> list[Record]:
    """Records in the file's order; a line without a time continues the one before."""
    found: list[Record] = []
    for line in lines:
        if not line.strip():
            continue
        stamp = _stamp_of(line)
        if stamp is None and found:
            if len(found[-1].text) < _LONGEST:
                found[-1].text += "\n" + line[:_LONGEST]
        else:
            found.append(Record(line[:_LONGEST], stamp))
    return found


def _stamp_of(line: str) -> Stamp | None:
    match = _STAMP.match(line)
    if match:
        return parse(match[1])
    if line.startswith("{"):
        try:
            entry: Any = json.loads(line)
        except (ValueError, RecursionError):  # nested without end
            return None
        if isinstance(entry, dict):
            times = (parse(entry[name]) for name in _JSON_TIMES if name in entry)
            return next((time for time in times if time), None)
    return None


def place_in_time(
    found: list[Record], offset_seconds: float, modified_unix: float
) -> str:
    """Give every record its Unix time; returns the zone that naive stamps are in.

    Python's logging writes local time, others UTC: the reading that brings the newest
    line closest to when the file was last written is the right one.
    """
    naive = [r.stamp.unix for r in found if r.stamp and not r.stamp.aware]
    local = bool(naive) and _is_local(max(naive), offset_seconds, modified_unix)
    for record in found:
        if record.stamp is not None:
            shift = offset_seconds if local and not record.stamp.aware else 0.0
            record.unix = record.stamp.unix - shift
    return "local" if local else "UTC"


def _is_local(newest: float, offset_seconds: float, modified_unix: float) -> bool:
    as_local = abs(newest - offset_seconds - modified_unix)
    return as_local <= abs(newest - modified_unix)


def excerpt(record: Record) -> str:
    """The telling line of a record, for a report: the last one of a traceback."""
    lines = [line for line in record.text.splitlines() if line.strip()]
    is_traceback = any("Traceback" in line for line in lines)
    line = lines[-1] if is_traceback else lines[0]
    return masked(line.strip())[:200]


#: What a log must not show, by its kind.
SECRETS: dict[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*", re.DOTALL),
    "a signature": re.compile(
        r"KALSHI-ACCESS-SIGNATURE['\"]?\s*[:=]\s*['\"]?[A-Za-z0-9+/=]{20,}"
    ),
    "an authorization value": re.compile(
        r"Authorization['\"]?\s*[:=]\s*['\"]?(?:Bearer |Basic )?[\w.~+/=-]{8,}"
    ),
    "a full key id": re.compile(
        r"(?:KALSHI-ACCESS-KEY|KEY_ID|key[ _-]?id)['\"]?\s*[:=]\s*['\"]?"
        r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",
        re.IGNORECASE | re.ASCII,
    ),
}
_LONG = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[A-Za-z0-9+/=_-]{40,}", re.IGNORECASE
)


#: One of these, in small letters, stands in whatever a pattern above matches.
_SECRET_HINTS = ("key", "kalshi-access-signature", "authorization")


def secrets_in(text: str) -> Iterator[str]:
    """The kinds of secrets that a text shows; never the secrets themselves."""
    small = text.lower()
    if not any(hint in small for hint in _SECRET_HINTS):
        return
    for kind, pattern in SECRETS.items():
        if pattern.search(text):
            yield kind


def masked(text: str) -> str:
    """A line that may be quoted: ids, keys and signatures are masked."""
    for pattern in SECRETS.values():
        text = pattern.sub("(masked)", text)
    return _LONG.sub("(masked)", text)
