"""A file is the old one or the new one, and nothing is left beside it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kalshi_preflight.report.writing import write_atomically

pytestmark = pytest.mark.selftest


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    """UTF-8, line ends untouched, missing folders made, nothing left beside it."""
    path = tmp_path / "a" / "b" / "diagnosis.json"
    write_atomically(path, "caf\u00e9\r\n\ud800\n")
    assert path.read_bytes() == b"caf\xc3\xa9\r\n\\ud800\n"
    assert list(path.parent.iterdir()) == [path]


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    """A shorter text leaves nothing of a longer one."""
    path = tmp_path / "diagnosis.json"
    write_atomically(path, "x" * 10_000)
    write_atomically(str(path), "new")
    assert path.read_text(encoding="utf-8") == "new"


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")
def test_readers_and_links_are_respected(tmp_path: Path) -> None:
    """Others may read a report as the umask allows; a link stays a link."""
    path, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(path)
    write_atomically(link, "text")
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "text"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
    failure: BaseException,
) -> None:
    """Whatever fails on the way, the old file stands and no temporary file stays."""

    def fail(*_: object) -> None:
        raise failure

    path = tmp_path / "diagnosis.json"
    write_atomically(path, "old")
    place = os if failing == "fsync" else Path
    monkeypatch.setattr(place, failing, fail)
    with pytest.raises(type(failure)):
        write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_short_grip_on_the_old_file_is_waited_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that a viewer holds for a moment, as on Windows, is replaced after."""
    grips = [PermissionError(13, "in use")] * 2
    replace = Path.replace

    def grudging(aside: Path, destination: Path) -> Path:
        if grips:
            raise grips.pop()
        return replace(aside, destination)

    monkeypatch.setattr(Path, "replace", grudging)
    write_atomically(tmp_path / "diagnosis.json", "new")
    assert (tmp_path / "diagnosis.json").read_text(encoding="utf-8") == "new"


def test_orphans_of_killed_runs_are_swept(tmp_path: Path) -> None:
    """A temporary file of long ago goes; one of this minute, or a stranger's, stays."""
    names = ["old.tmp", "young.tmp", "old.keep"]
    orphans = [tmp_path / f".diagnosis.json.{name}" for name in names]
    for orphan in orphans:
        orphan.write_text("half", encoding="utf-8")
    for old in (orphans[0], orphans[2]):
        os.utime(old, (1, 1))
    write_atomically(tmp_path / "diagnosis.json", "new")
    assert [orphan.exists() for orphan in orphans] == [False, True, True]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """While one file is written over and over, a reader sees only whole texts."""
    path = tmp_path / "diagnosis.json"
    write_atomically(path, "a" * 200_000)
    done = threading.Event()

    def write() -> None:
        for letter in "bcdefghijk":
            write_atomically(path, letter * 200_000)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = [path.read_text(encoding="utf-8")]
    while not done.is_set():
        seen.append(path.read_text(encoding="utf-8"))
    writer.join()
    assert all(len(text) == 200_000 and len(set(text)) == 1 for text in seen)


KILLED = """
import os, signal, sys
from pathlib import Path
from kalshi_preflight.report.writing import write_atomically
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
setattr(os if sys.argv[2] == "fsync" else Path, sys.argv[2], die)
write_atomically(sys.argv[1], "new")
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_kill_leaves_the_old_file_whole(tmp_path: Path, moment: str) -> None:
    """A process that is killed in the middle of writing leaves the old text."""
    path = tmp_path / "diagnosis.json"
    write_atomically(path, "old")
    source = Path(__file__).parents[3] / "src"
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), moment],
        env={**os.environ, "PYTHONPATH": str(source)},
        timeout=30,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "old"
