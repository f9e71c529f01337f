"""The database as a file: header, sidecars, place; nothing is opened as SQLite yet."""

import contextlib
import os
import shutil
import stat
import struct
from pathlib import Path, PureWindowsPath
from typing import Any

MAGIC = b"SQLite format 3\0"
SIDECARS = ("wal", "shm", "journal")
_LISTED = 20
#: Folders of tools that copy files while they are being written.
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud")
_BACKUPS = ("backup", "backups", "bak", "copy", "archive", *_SYNCED)


def look_at(path: Path) -> dict[str, Any]:
    """What the file system and the first 100 bytes say of ``path``.

    ``state`` is ``missing``, ``directory``, ``denied``, ``empty``, ``not-sqlite``,
    ``truncated`` or ``file``. Page count and size are those of the header (SQLite file
    format, 1.3).
    """
    facts: dict[str, Any] = {"path": str(path)}
    try:
        status = path.stat()
    except PermissionError:
        return {**facts, "state": "denied"}
    except (OSError, ValueError):
        return {**facts, "state": "missing", "beside": _listing(path.parent)}
    facts.update(_place(path))
    if stat.S_ISDIR(status.st_mode):
        return {**facts, "state": "directory", "inside": _listing(path)}
    facts.update(size_bytes=status.st_size, sidecars=sidecars(path))
    facts["modified_unix"] = _newest_change(path, status.st_mtime)
    if status.st_size == 0:
        return {**facts, "state": "empty"}
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return {**facts, "state": "denied"}
    return {**facts, **_header(head, status.st_size)}


def sidecars(path: Path) -> dict[str, int]:
    """The sizes in bytes of the files that SQLite keeps beside a database."""
    sizes = {}
    for suffix in SIDECARS:
        with contextlib.suppress(OSError):
            sizes[suffix] = path.with_name(f"{path.name}-{suffix}").stat().st_size
    return sizes


def _newest_change(path: Path, modified: float) -> float:
    times = [modified]
    for suffix in ("wal", "journal"):
        with contextlib.suppress(OSError):
            times.append(path.with_name(f"{path.name}-{suffix}").stat().st_mtime)
    return max(times)


def _header(head: bytes, size_bytes: int) -> dict[str, Any]:
    if len(head) < 100 or not head.startswith(MAGIC):
        return {"state": "not-sqlite", "looks_like": _look(head)}
    # Schema format 4 is the newest (SQLite file format, 1.3.10); of another one SQLite
    # says no more than that something is wrong.
    if int.from_bytes(head[44:48], "big") > 4:
        return {"state": "not-sqlite", "looks_like": "a format that SQLite has not"}
    page_size, write_version = struct.unpack(">HB", head[16:19])
    page_size = 65536 if page_size == 1 else page_size
    changes, pages = struct.unpack(">II", head[24:32])
    valid_for = struct.unpack(">I", head[92:96])[0]
    facts = {
        "journal_mode": "wal" if write_version == 2 else "rollback",
        "page_bytes": page_size,
    }
    # The page count counts only if it was written together with the change counter.
    announced = pages * page_size if changes == valid_for else 0
    if announced > size_bytes:
        return {**facts, "state": "truncated", "announced_bytes": announced}
    return {**facts, "state": "file"}


def _look(head: bytes) -> str:
    text = head.decode("utf-8", "replace").lower()
    if "git-lfs" in text:
        return "a Git LFS pointer"
    if "<html" in text or "<!doctype" in text:
        return "an HTML page"
    if head.startswith(b"\x1f\x8b"):
        return "a gzip archive"
    if head.startswith(b"PK\x03\x04"):
        return "a zip archive"
    return "text" if "\ufffd" not in text and text.isprintable() else "other bytes"


def _listing(folder: Path) -> list[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (OSError, ValueError):
        return []
    return [f"{entry.name} ({_size(entry)})" for entry in entries[:_LISTED]]


def _size(entry: "os.DirEntry[str]") -> str:
    try:
        return "folder" if entry.is_dir() else f"{entry.stat().st_size} bytes"
    except OSError:
        return "unreadable"


def _place(path: Path) -> dict[str, Any]:
    """On which kind of disk the database lies, and how much room is left there."""
    facts: dict[str, Any] = {"place": _kind_of_place(path)}
    words = {part.lower() for part in path.parts[:-1]}
    facts["in_backup_folder"] = bool(words & set(_BACKUPS))
    with contextlib.suppress(OSError, ValueError):
        usage = shutil.disk_usage(path.parent)
        facts["disk_free_bytes"] = usage.free
        facts["disk_total_bytes"] = usage.total
    return facts


def _kind_of_place(path: Path) -> str:
    if PureWindowsPath(path).drive.startswith("\\\\"):
        return "a network share"
    for part in path.parts[:-1]:
        if part.lower().startswith(_SYNCED):
            return f"a folder that is synchronised ({part})"
    return "network" if _mounted_over_network(path) else "local"


def _mounted_over_network(path: Path) -> bool:
    """Whether Linux has mounted the folder from another machine."""
    kinds = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p.remote"}
    best, found = "", ""
    with contextlib.suppress(OSError):
        for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
            _, point, kind, *_ = line.split(" ")
            if str(path).startswith(point.rstrip("/") + "/") and len(point) > len(best):
                best, found = point, kind
    return found in kinds
