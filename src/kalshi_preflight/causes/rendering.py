"""Templates filled with the particulars of a case: as prose, or safely as commands.

Particulars can be words of a server. In prose they are only shown (and cleaned on the
way out, in ``report/``); in a command they are quoted for the shell that will read it,
so that a copied command cannot do what a stranger wrote into it.
"""

import re
import shlex
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from kalshi_preflight.model.cause import Commands

#: What no shell reads as anything but itself, also in the middle of a word.
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,-]+")


def prose(template: str, particulars: Mapping[str, Any]) -> str:
    """Fill a sentence; raises :class:`KeyError` for a particular that is missing."""
    return _filled(template, particulars, lambda value: value)


def commands(templates: Commands, particulars: Mapping[str, Any]) -> Commands:
    """Fill commands, each particular quoted for its shell."""
    return Commands(
        powershell=_lines(templates.powershell, particulars, _powershell),
        posix=_lines(templates.posix, particulars, shlex.quote),
    )


def _lines(
    templates: tuple[str, ...],
    particulars: Mapping[str, Any],
    quote: Callable[[str], str],
) -> tuple[str, ...]:
    def quoted(value: str) -> str:
        return value if _PLAIN.fullmatch(value) else quote(value)

    return tuple(
        # Instructions for a person are prose; a newline must not end the comment.
        _filled(line, particulars, _one_line)
        if line.startswith("#")
        else _filled(line, particulars, quoted)
        for line in templates
    )


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _powershell(value: str) -> str:
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _filled(
    template: str, particulars: Mapping[str, Any], show: Callable[[str], str]
) -> str:
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(text)
        if name is not None:
            parts.append(show(_spoken(particulars[name])))
    return "".join(parts)


def _spoken(value: Any) -> str:
    """A particular in words: a list by its members, and nothing as a word too."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return str(value)
