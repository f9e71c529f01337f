"""A value that must not be seen by accident."""

import re
from typing import NoReturn

# Written like a variable's name, in letters of one size: base64 has both.
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,39}|[a-z_][a-z0-9_]{0,39}")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{12,}")


def is_quotable(name: str) -> bool:
    """Whether a setting may be called by this name in a message.

    What stands in a name's place may as well be a line of a key, or a key id.
    """
    return bool(_NAME.fullmatch(name)) and not _HEXADECIMAL.search(name)


class Secret:
    """Holds a secret string; shows a mask wherever Python would print it.

    Only :meth:`reveal` gives the value back. Comparing raises, because a comparison in
    an assertion would print both sides; pickling raises, because a worker process would
    write it to a pipe.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one place that has to use it."""
        return self._value

    def last_four(self) -> str:
        """The last four characters, for ids that a reader must recognise."""
        return f"...{self._value[-4:]}" if len(self._value) >= 12 else "..."

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        raise TypeError("a secret is not compared: an assertion would print it")

    __hash__ = None  # type: ignore[assignment]  # follows from __eq__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")
