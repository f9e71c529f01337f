"""Sequence numbers of a stream: every frame that has one counts, whatever it is.

Answers to commands (``ok``, ``unsubscribed``, errors of a subscription) take a number
as data does, so they are counted before anything looks at a frame's type; otherwise
there would be gaps where nothing is missing.
"""

from collections.abc import Mapping
from typing import Any


class Sequences:
    """Counts what is missing, for each subscription (``sid``) by itself."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self.gaps = 0
        self.missing = 0

    def note(self, message: Mapping[str, Any]) -> bool:
        """Note one message; false if something is missing before it."""
        sid, number = message.get("sid"), message.get("seq")
        if not isinstance(sid, int) or not isinstance(number, int):
            return True
        expected = self._last.get(sid, 0) + 1
        self._last[sid] = max(number, expected - 1)
        if number <= expected:
            return True
        self.gaps += 1
        self.missing += number - expected
        return False

    def forget(self) -> None:
        """A new connection counts from the beginning."""
        self._last.clear()
