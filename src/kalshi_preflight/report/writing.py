"""Files that are whole or not there: written aside, then put in place at once."""

import contextlib
import os
import secrets
import time
from pathlib import Path

# Windows refuses to replace a file while a virus scanner or a viewer holds it open;
# such grips last milliseconds.
_GRIP_RETRIES = 20
_GRIP_PAUSE_SECONDS = 0.025
# A temporary file this old belongs to a run that was killed while writing.
_ORPHAN_AGE_SECONDS = 3600.0


def write_atomically(path: Path | str, text: str) -> None:
    """Put ``text`` into ``path`` as UTF-8; a reader sees the old file or the new one.

    Creates the parent directory, follows a symbolic link, keeps line ends as they are
    and survives a power cut once it has returned. Raises :class:`OSError`; then the old
    file is untouched and nothing is left beside it.
    """
    destination = Path(path).resolve()
    destination.parent.mkdir(parents=True, exist_ok=True)
    _sweep_orphans(destination)
    aside = destination.with_name(f".{destination.name}.{secrets.token_hex(8)}.tmp")
    try:
        _write_durably(aside, text)
        _replace(aside, destination)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _sync_directory(destination.parent)


def _write_durably(aside: Path, text: str) -> None:
    # Created by open(), not by tempfile: the umask decides who may read a report.
    with aside.open("x", encoding="utf-8", errors="backslashreplace", newline="") as to:
        to.write(text)
        to.flush()
        os.fsync(to.fileno())


def _replace(aside: Path, destination: Path) -> None:
    for _ in range(_GRIP_RETRIES):
        with contextlib.suppress(PermissionError):
            aside.replace(destination)
            return
        time.sleep(_GRIP_PAUSE_SECONDS)
    aside.replace(destination)


def _sweep_orphans(destination: Path) -> None:
    oldest_allowed = time.time() - _ORPHAN_AGE_SECONDS
    prefix, suffix = f".{destination.name}.", ".tmp"
    for sibling in destination.parent.iterdir():
        if sibling.name.startswith(prefix) and sibling.name.endswith(suffix):
            with contextlib.suppress(OSError):
                if sibling.stat().st_mtime < oldest_allowed:
                    sibling.unlink()


def _sync_directory(directory: Path) -> None:
    """Make the new name durable; Windows opens no directories and needs none of it."""
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
