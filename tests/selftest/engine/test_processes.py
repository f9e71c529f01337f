"""Processes are counted as trees, files that name them are checked, nothing is sent."""

import os
from pathlib import Path
from unittest import mock

import pytest

from kalshi_preflight.engine import database
from kalshi_preflight.engine.inspection import judge, look
from kalshi_preflight.engine.processes import inspect
from tests.selftest.engine.workspaces import Workspace, running_engine

pytestmark = pytest.mark.selftest

#: Starts itself once more, as a virtual environment's launcher does on Windows.
_LAUNCHER = """
import subprocess, sys
child = None
if len(sys.argv) == 1:
    child = subprocess.Popen(
        [sys.executable, "-S", "-E", *sys.argv, "child"], stdin=subprocess.PIPE
    )
    print("started", flush=True)
sys.stdin.read()
if child is not None:
    child.stdin.close()
    child.wait()
"""


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A healthy workspace, on disk, without a running engine."""
    workspace = Workspace(tmp_path / "workspace-scalper", engines=0)
    workspace.write()
    return workspace


def test_parent_and_child_are_one_engine(ws: Workspace) -> None:
    """A launcher and the child of the same command line are one tree."""
    main = ws.home / "main.py"
    main.write_text(_LAUNCHER, encoding="utf-8")
    with running_engine(ws.home, str(main)) as process:
        trees = inspect(ws.home, ws.profile)["trees"]
    assert [tree["pid"] for tree in trees] == [process.pid]


def test_other_workspaces_engines_do_not_count(ws: Workspace, tmp_path: Path) -> None:
    """``main.py`` of another folder is somebody else's."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "main.py").write_text(ws.code["main.py"], encoding="utf-8")
    with running_engine(other, str(other / "main.py")):
        assert inspect(ws.home, ws.profile)["trees"] == []


@pytest.mark.parametrize("text", ["", "0", "1", "no number", "9" * 30, "\ufeff"])
def test_a_pid_file_may_hold_anything(ws: Workspace, text: str) -> None:
    """Garbage, nobody's numbers and huge ones are told to say nothing."""
    (ws.home / "scalper_v8.pid").write_text(text, encoding="utf-8")
    (file,) = inspect(ws.home, ws.profile)["pid_files"]
    assert (file["pid"], file["holder"]) == (None, "unsaid")


def test_a_number_that_was_given_again_is_nobodys(ws: Workspace) -> None:
    """A process that is younger than the file did not write it."""
    file = ws.home / "scalper_v8.pid"
    file.write_text(str(os.getpid()), encoding="ascii")
    os.utime(file, (1, 1))
    (found,) = inspect(ws.home, ws.profile)["pid_files"]
    assert found["holder"] == "another"


def test_no_signal_is_ever_sent(ws: Workspace) -> None:
    """Inspecting a running engine calls no ``kill`` of any kind."""
    refuse = mock.Mock(side_effect=AssertionError("a signal was sent"))
    names = ("kill", "terminate", "suspend", "send_signal")
    main = str(ws.home / "main.py")
    with (
        running_engine(ws.home, main),
        mock.patch("os.kill", refuse),
    ):
        for name in names:
            mock.patch(f"psutil.Process.{name}", refuse).start()
        try:
            assert len(inspect(ws.home, ws.profile)["trees"]) == 1
        finally:
            mock.patch.stopall()
    assert not refuse.called


def test_what_was_not_foreseen_is_our_defect(ws: Workspace) -> None:
    """A look-up that fails is ``v8-unclassified``: no exception, and not healthy."""
    failure = mock.Mock(side_effect=ValueError("odd"))
    with mock.patch.object(database, "inspect", failure):
        inspection = judge(look(ws.context()), ws.context())
    assert inspection.broken is not None
    assert inspection.broken.id == "v8-unclassified"
    assert inspection.verdict == "unhealthy"
