"""A failure whose remedy stands on the same screen: brief there, whole elsewhere."""

# Private: pytest has no public class for what a report shows instead of a traceback.
from _pytest._code.code import ReprFileLocation, TerminalRepr
from _pytest._io import TerminalWriter


class Failure(TerminalRepr):
    """What a failed live test shows: ``brief`` on ``screen``, else the whole text.

    JUnit and the HTML report show one test by itself, so they need its remedy; on the
    screen it would be there for each failed test, and once more in the verdict.
    """

    def __init__(self, text: str, *, brief: str, screen: TerminalWriter) -> None:
        self._text = text
        self._brief = brief
        self._screen = screen

    def __str__(self) -> str:
        return self._text

    @property
    def reprcrash(self) -> ReprFileLocation:
        """The first line, for lists of failures."""
        return ReprFileLocation("", 0, self._text.partition("\n")[0])

    def toterminal(self, tw: TerminalWriter) -> None:
        """Write to the screen, or to any other writer."""
        for line in (self._brief if tw is self._screen else self._text).splitlines():
            tw.line(line)
