r"""The scheduled tasks of Windows that start the engine, as their files say.

``C:\Windows\System32\Tasks`` holds one XML file a task, readable by administrators;
where it cannot be read, nothing is said of tasks.
"""

import re
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.processes import expanded
from kalshi_preflight.engine.profile import Profile

Facts = dict[str, Any]
_LARGEST_BYTES = 1 << 16
_MOST_FILES = 500


def inspect(home: Path, profile: Profile) -> list[Facts]:
    """Every task whose action names the workspace or the engine's start script."""
    folder = expanded(profile.tasks)
    found = []
    for path in _files(folder):
        text = _text(path)
        action = " ".join(
            re.findall(r"<(?:Command|Arguments|WorkingDirectory)>[^<]*", text)
        )
        if str(home).lower() not in action.lower() and (
            profile.start_script.lower() not in action.lower()
        ):
            continue
        found.append(
            {
                "task": path.relative_to(folder).as_posix(),
                "enabled": _value(text, "Settings", "Enabled", "true") == "true",
                "instances": _value(
                    text, "Settings", "MultipleInstancesPolicy", "IgnoreNew"
                ),
            }
        )
    return found


def _files(folder: Path) -> list[Path]:
    try:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    except OSError:
        return []
    return files[:_MOST_FILES]


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()[:_LARGEST_BYTES]
    except OSError:
        return ""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return data.decode("utf-16" if wide else "utf-8", "replace")


def _value(text: str, parent: str, name: str, default: str) -> str:
    section = re.search(rf"<{parent}>(.*?)</{parent}>", text, re.DOTALL)
    found = re.search(rf"<{name}>([^<]*)</{name}>", section[1]) if section else None
    return found[1].strip() if found else default
