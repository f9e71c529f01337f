"""The hosts file: does a line of it stand in for DNS?"""

import os
from pathlib import Path

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.line import Line, Notes


def hosts_path() -> Path:
    """Where this system keeps its hosts file."""
    if os.name == "nt":
        root = os.environ.get("SYSTEMROOT", r"C:\Windows")
        return Path(root) / "System32" / "drivers" / "etc" / "hosts"
    return Path("/etc/hosts")


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Find the lines that name the host.

    Returns ``file`` and ``lines``: ``{"number", "address"}`` for each, from 1.
    """
    path = hosts_path()
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return {"file": str(path), "lines": []}
    return {"file": str(path), "lines": entries(text, line.target.host)}


def entries(text: str, name: str) -> list[Notes]:
    """The entries for ``name`` in a hosts file (hosts(5): address, names, comment)."""
    found = []
    for number, raw in enumerate(text.splitlines(), start=1):
        address, *names = raw.split("#", 1)[0].split() or [""]
        if name.lower() in (candidate.lower() for candidate in names):
            found.append({"number": number, "address": address})
    return found
