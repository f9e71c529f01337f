"""Text for consoles that know ASCII only, in lines that fit.

A Windows console in code page 437 or 1252, or a redirected file, cannot show the rest;
printing it there ends a program with ``UnicodeEncodeError``.
"""

import re
import textwrap

from kalshi_preflight.report.plain import plain_text

_TYPOGRAPHY = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{SECTION SIGN}": "section ",
        "\N{NO-BREAK SPACE}": " ",
    }
)


def ascii_text(text: object) -> str:
    """``text`` in printable ASCII on one line; other letters by their numbers."""
    readable = plain_text(str(text)).translate(_TYPOGRAPHY)
    return readable.encode("ascii", "backslashreplace").decode("ascii")


def ascii_command(command: object) -> str:
    """A command in printable ASCII, its typography untouched: it is to be typed."""
    return plain_text(str(command)).encode("ascii", "backslashreplace").decode("ascii")


def fitted(text: str, width: int) -> str:
    """``text`` cut to ``width``, with ``...`` where something is missing."""
    return text if len(text) <= width else f"{text[: max(0, width - 3)]}..."[:width]


def wrapped(
    text: str,
    width: int,
    *,
    first: str = "",
    rest: str | None = None,
    lines: int | None = None,
) -> str:
    """``text`` in lines of at most ``width``, indented by ``first`` and ``rest``.

    With ``lines``, what does not fit into so many is cut, and that is shown.
    """
    return textwrap.fill(
        text,
        width,
        max_lines=lines,
        placeholder=" ...",
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_on_hyphens=False,  # ids and host names stay whole where they can
    )


# A GitHub runner obeys "::name ...::" at the beginning of a line, blanks or not, and
# "##[name]" anywhere in one (workflow commands); "::1" is but an address.
_WORKFLOW_COMMAND = re.compile(r"^(\s*):(?=:[A-Za-z].*::)|#(?=#\[)", re.MULTILINE)


def inert(text: str) -> str:
    """``text`` of the same length, with no line that a CI runner would obey."""
    return _WORKFLOW_COMMAND.sub(lambda m: f"{m[1] or ''}.", text)
