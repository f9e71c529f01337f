"""A key file: read once, bounded, and who else may read it."""

import errno
import os
import stat
from pathlib import Path

from kalshi_preflight.model.credentials import Remark, Setting
from kalshi_preflight.signing.problem import KeyProblem

#: A key has a few kilobytes; a file of this size is something else.
LARGEST_BYTES = 1 << 20

#: What the system says of a path that cannot be one: to the user the file is missing.
_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.EINVAL, errno.ENAMETOOLONG}


def read_key_file(setting: Setting) -> tuple[bytes, tuple[Remark, ...]]:
    """The bytes of the file that ``setting`` names, and a remark on its permissions.

    Raise :class:`KeyProblem` ``key-file-missing`` or ``key-file-unreadable``.
    """
    value = setting.value.reveal()
    particulars: dict[str, object] = {
        "setting": setting.name,
        "source": setting.source,
        "path": shown_path(value),
    }
    if odd := _oddity(value):
        particulars["oddity"] = odd
    path = Path(value)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
            raise KeyProblem("key-file-unreadable", {**particulars, "reason": kind})
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        missing = error.errno in _MISSING
        cause = "key-file-missing" if missing else "key-file-unreadable"
        reason = os.strerror(error.errno) if error.errno else "unknown"
        raise KeyProblem(cause, {**particulars, "reason": reason}) from None
    except ValueError:  # a NUL, or a character that the file system cannot hold
        particulars["reason"] = "not a path"
        raise KeyProblem("key-file-missing", particulars) from None
    if len(data) > LARGEST_BYTES:
        particulars["looks_like"] = "a file of more than 1 MiB"
        raise KeyProblem("key-not-pem", particulars)
    return data, _permissions(status.st_mode, particulars)


def _permissions(mode: int, particulars: dict[str, object]) -> tuple[Remark, ...]:
    """The remark on a file that others may read or replace.

    POSIX only: on Windows these bits say nothing of the access list, and the tool that
    prints it does so in the language of the machine.
    """
    others = stat.S_IMODE(mode) & 0o077
    if os.name != "posix" or not others:
        return ()
    facts = {**particulars, "mode": f"{stat.S_IMODE(mode):04o}"}
    return (Remark(cause="key-readable-by-others", particulars=facts),)


def _is_key_text(value: str) -> bool:
    return "-----" in value or "PRIVATE KEY" in value


def shown_path(value: str) -> str:
    """The path for a message; a key that was pasted in its place is not shown."""
    if _is_key_text(value) or len(value) > 400:
        return "(masked)"
    absolute = os.path.abspath(value) if "\0" not in value else value  # noqa: PTH100
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in absolute)


def _oddity(value: str) -> str:
    """What about a path explains that nothing is there."""
    if _is_key_text(value):
        return "the key itself is given where a path is expected"
    if any(ord(character) < 32 for character in value):
        return "a backslash was read as an escape: write / or leave out the quotes"
    parts = Path(value).parts
    if "~" in parts or (parts and any(part.startswith("~") for part in parts)):
        return "~ is not replaced by the home folder here: write the full path"
    if "%" in value or "${" in value or "$env:" in value.lower():
        return "a variable in the path is not replaced: write the full path"
    return ""
