"""Programs, run and measured from outside: time, processor time, memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: What would change what a run does: the user's own settings.
_PERSONAL = ("KALSHI_", "PREFLIGHT_", "PYTEST_", "V8_", "DASHBOARD_", "COV_")
#: A user's Python keeps its bytecode; some images switch that off.
_UNUSUAL = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of one program."""

    wall_ms: float
    cpu_ms: float
    peak_mib: float
    exit_code: int


def measure(
    command: Sequence[str],
    *,
    folder: Path,
    bytecode: Path,
    variables: Mapping[str, str] | None = None,
) -> Measured:
    """Run ``command`` in ``folder``; its output goes nowhere."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_PERSONAL) and name not in _UNUSUAL
    }
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, **(variables or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)  # nobody waits again
    to_mib = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Measured(
        wall_ms=taken * 1000,
        cpu_ms=(used.ru_utime + used.ru_stime) * 1000,
        peak_mib=used.ru_maxrss / to_mib,
        exit_code=process.returncode,
    )
