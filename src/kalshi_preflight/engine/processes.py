"""Which processes are the engine's: listed, never touched.

Nothing here sends a signal: on Windows, signal 0 is Ctrl+C and any other one ends the
process. What is counted is trees, because a virtual environment's ``python.exe`` and
the ``py`` launcher start a child with the same command line.
"""

import os
from pathlib import Path
from typing import Any

import psutil

from kalshi_preflight.engine.log_lines import masked
from kalshi_preflight.engine.profile import Profile

Facts = dict[str, Any]
_WANTED = ("pid", "ppid", "name", "cmdline", "cwd", "create_time", "status")
_DEAD = {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}


def inspect(home: Path, profile: Profile) -> Facts:
    """The engine's process trees, its lock and PID files, and its kill switch."""
    ours = _lineage()
    mine: list[Facts] = []
    unreadable = 0
    for process in psutil.process_iter(_WANTED, ad_value=None):
        info: Facts = process.info
        if info["pid"] in ours or info["status"] in _DEAD:
            continue
        if not info["cmdline"]:
            unreadable += _may_be_python(info["name"])
        elif _is_engine(info, home, profile):
            mine.append(info)
    return {
        "trees": _trees(mine),
        "unreadable": unreadable,
        "pid_files": _pid_files(home, profile.pid_files, mine),
        "lock_files": _pid_files(home, profile.lock_files, mine),
        "halt_flag": _flag(home / profile.halt_flag),
    }


def _lineage() -> set[int]:
    """Us and those that started us: a start script that asks first is no engine yet."""
    me = psutil.Process()
    return {me.pid, *(parent.pid for parent in me.parents())}


def _may_be_python(name: str | None) -> bool:
    return (name or "").lower().startswith(("python", "py.exe"))


def _is_engine(info: Facts, home: Path, profile: Profile) -> bool:
    """Whether the command line is the engine's, and of this workspace."""
    line = " ".join(info["cmdline"]).replace("\\", "/").lower()
    if not any(word.lower() in line for word in profile.process_words):
        return False
    folder = str(home.resolve()).replace("\\", "/").lower()
    cwd = (info["cwd"] or "").replace("\\", "/").lower()
    return folder in line or cwd == folder or cwd.startswith(f"{folder}/")


def _trees(mine: list[Facts]) -> list[Facts]:
    """The roots: those whose parent is not one of the engine's itself."""
    pids = {info["pid"] for info in mine}
    roots = [info for info in mine if info["ppid"] not in pids]
    return [
        {
            "pid": info["pid"],
            "command": " ".join(info["cmdline"])[:200],
            "started_unix": info["create_time"],
            "status": info["status"],
        }
        for info in sorted(roots, key=lambda info: info["create_time"])
    ]


def _pid_files(home: Path, patterns: tuple[str, ...], mine: list[Facts]) -> list[Facts]:
    found = []
    for pattern in patterns:
        for path in sorted(home.glob(pattern)):
            try:
                modified = path.stat().st_mtime
                text = path.read_bytes()[:64].decode("utf-8", "replace")
            except OSError:
                continue
            pid = _pid_in(text)
            found.append(
                {
                    "path": str(path),
                    "modified_unix": modified,
                    "pid": pid,
                    "holder": _holder(pid, modified, mine),
                }
            )
    return found


def _pid_in(text: str) -> int | None:
    """The first number of a file; 0 and 1 are nobody's, and nothing huge is a PID."""
    digits = "".join(c if c.isdigit() else " " for c in text).split()
    pid = int(digits[0]) if digits and len(digits[0]) <= 10 else 0
    return pid if pid > 1 else None


def _holder(pid: int | None, modified: float, mine: list[Facts]) -> str:
    """Whose the number in a file is.

    ``engine``, ``nobody``, ``another`` (a younger process), ``another-program`` or
    ``unsaid``.
    """
    if pid is None:
        return "unsaid"
    if any(info["pid"] == pid for info in mine):
        return "engine"
    try:
        process = psutil.Process(pid)
        if process.status() in _DEAD:
            return "nobody"
        # A number is given again: who came after the file did not write it.
        return "another" if process.create_time() > modified else "another-program"
    except psutil.NoSuchProcess:
        return "nobody"
    except psutil.AccessDenied:
        return "unsaid"


def _flag(path: Path) -> Facts | None:
    try:
        modified = path.stat().st_mtime
    except OSError:
        return None
    try:
        text = path.read_bytes()[:200].decode("utf-8", "replace")
    except OSError:
        text = ""
    line = text.splitlines()[0] if text.strip() else ""
    return {"path": str(path), "modified_unix": modified, "reason": masked(line)[:120]}


def expanded(path: str) -> Path:
    """A path with ``%NAME%``, ``$NAME`` and ``~`` replaced, where they are known."""
    return Path(os.path.expandvars(path)).expanduser()
