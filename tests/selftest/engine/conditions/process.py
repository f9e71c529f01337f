"""Conditions of process, lock, flag and task."""

import os
import subprocess
import sys
from pathlib import Path

from kalshi_preflight.model.expectation import Expectation
from tests.selftest.engine.workspaces import Workspace

_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task><Settings><Enabled>{enabled}</Enabled>
<MultipleInstancesPolicy>{policy}</MultipleInstancesPolicy></Settings>
<Actions><Exec><Command>powershell.exe</Command>
<Arguments>-File {home}\\launch_v8.ps1</Arguments></Exec></Actions></Task>
"""


def not_running(ws: Workspace) -> None:
    """No process, no rows, no lines, for a day."""
    ws.engines = 0
    ws.shift(7200)
    ws.silence(7200)


def already_running(ws: Workspace) -> None:
    """One engine, where none should be."""
    ws.expect = Expectation.STOPPED


def not_visible(ws: Workspace) -> None:
    """Rows and lines come, from nobody that can be seen."""
    ws.engines = 0


def twice(ws: Workspace) -> None:
    """Two engines."""
    ws.engines = 2


def hung(ws: Workspace) -> None:
    """A process, and nothing else moves."""
    ws.shift(7200)
    ws.silence(7200)


def slept(ws: Workspace) -> None:
    """Rows and log share a gap, and 401s of old signatures follow it."""
    begin, end = ws.now - 2400, ws.now - 1200
    ws.snapshots = [row for row in ws.snapshots if not begin < row["unix"] < end]
    ws.log = [ws.line(7000, "INFO engine started")]
    ws.log += [ws.line(age, "INFO loop") for age in range(4000, 2400, -30)]
    ws.log += [
        ws.line(1199 - n, "ERROR 401 header_timestamp_expired") for n in range(3)
    ]
    ws.log += [ws.line(age, "INFO loop") for age in range(1190, 0, -30)]


def _ended_pid() -> int:
    ended = subprocess.Popen([sys.executable, "-S", "-c", ""])
    ended.wait()
    return ended.pid


def stale_pid(ws: Workspace) -> None:
    """The number of a process that has ended."""
    file = ws.home / "scalper_v8.pid"
    ws.later.append(lambda: file.write_text(str(_ended_pid()), encoding="ascii"))


def _lock(ws: Workspace, age: float) -> None:
    file = ws.home / "engine.lock"

    def later() -> None:
        file.write_text("", encoding="ascii")
        os.utime(file, (ws.now - age, ws.now - age))

    ws.later.append(later)


def stale_lock(ws: Workspace) -> None:
    """An old lock, and an engine that is down as it should be."""
    not_running(ws)
    ws.expect = Expectation.STOPPED
    _lock(ws, 900)


def fresh_lock(ws: Workspace) -> None:
    """A fresh lock, and no engine to be seen."""
    not_running(ws)
    ws.expect = Expectation.STOPPED
    _lock(ws, 20)


def halted(ws: Workspace) -> None:
    """The kill switch."""
    file = ws.home / ws.profile.halt_flag
    ws.later.append(lambda: file.write_text("daily loss limit\n", encoding="utf-8"))


def _task(ws: Workspace, enabled: str, policy: str) -> None:
    folder = Path(ws.profile.tasks)
    text = _TASK.format(enabled=enabled, policy=policy, home=ws.home)

    def later() -> None:
        folder.mkdir()
        (folder / "Scalper V8").write_text(text, encoding="utf-16")

    ws.later.append(later)


def disabled(ws: Workspace) -> None:
    """A task that is switched off."""
    _task(ws, "false", "IgnoreNew")


def parallel(ws: Workspace) -> None:
    """A task that may start a second engine."""
    _task(ws, "true", "Parallel")


def outdated(ws: Workspace) -> None:
    """Code with a dead host and a bearer token."""
    ws.code["kalshi_api.py"] = (
        'BASE = "https://trading-api.kalshi.com/trade-api/v2"\n'
        'headers = {"Authorization": "Bearer " + token}\n'
    )


CHANGES = {
    "engine-not-running": not_running,
    "engine-already-running": already_running,
    "engine-not-visible": not_visible,
    "engine-running-twice": twice,
    "engine-hung": hung,
    "machine-slept": slept,
    "stale-pid-file": stale_pid,
    "stale-lock-file": stale_lock,
    "lock-without-process": fresh_lock,
    "halt-flag-present": halted,
    "task-disabled": disabled,
    "task-allows-parallel": parallel,
    "engine-api-outdated": outdated,
}
