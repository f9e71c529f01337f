"""Small text files, read whole and bounded."""

from pathlib import Path

#: Nothing that is read here is ever near this; a device or a log would be.
LARGEST_BYTES = 1 << 20


class FileError(Exception):
    """Why a file could not be read, as the end of a sentence."""


def read_bytes(path: Path) -> bytes:
    """The content of a regular file of at most a mebibyte, else :class:`FileError`.

    Only regular files: opening a pipe would wait for a writer for ever.
    """
    try:
        if not path.is_file():
            raise FileError("is not a file" if path.exists() else "does not exist")
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}") from None
    except ValueError:  # a NUL in the path
        raise FileError("is not a path") from None
    if len(data) > LARGEST_BYTES:
        raise FileError("is larger than 1 MiB")
    return data


def looks_utf16(data: bytes) -> bool:
    """Whether text was written two bytes a character, as Windows PowerShell's ``>``."""
    return data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:200]
