"""The single exit for secrets: whatever leaves this program goes through here.

Masking whole values is not enough: pytest shortens a long value in its middle, splits
it over lines and skips what two values have in common, so pieces of secrets are looked
for, in every form that they may have.
"""

import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from kalshi_preflight.model.secret import Secret
from kalshi_preflight.report.encodings import ends_of_base64, escaped, forms

#: What stands in the place of a secret; its length tells nothing.
MASK = "[redacted]"
#: So many consecutive characters of a secret are never shown.
WINDOW = 8
#: A shorter secret is masked only where it stands alone; a still shorter one never.
SHORTEST = 4
_UUID_LENGTH = 36

# ECMA-48 section 5.4: pytest colours a diff in the middle of its words.
_CONTROL_BEGINS = "\x1b["
_CONTROL = re.compile(r"(\x1b\[[0-?]*[ -/]*[@-~])")
_LAYOUT = re.compile(rf"\s{{{WINDOW},}}")
#: The same names stand in every report of a run: so many of them, so long, are kept.
_KEPT_TEXTS = 4096
_KEPT_CHARACTERS = 200


class Redactor:
    """Masks secrets, and every run of :data:`WINDOW` or more of their characters.

    Secrets of fewer than 8 characters are masked as whole words only (no letter or
    digit beside them), or a secret ``1234`` would shred every number; under 4
    characters nothing can be masked without destroying the text. The last four
    characters of a key id stay visible, as :meth:`Secret.last_four` gives them. Give
    it values, not paths: every report names paths. Building one takes some 30 ms a
    private key, so nothing is built that only a long text would be quicker for; masking
    is linear in the text, some 80 ms a megabyte.
    """

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._windows: set[str] = set()
        words: set[str] = set()
        known: set[str] = set()
        layout: list[str] = []
        # Environments share their keys; the longest first, for what is part of another.
        values = dict.fromkeys(secret.reveal() for secret in secrets)
        for value in sorted(values, key=len, reverse=True):
            words |= escaped(value) if SHORTEST <= len(value) < WINDOW else set()
            for form in _new_forms(value, known) if len(value) >= WINDOW else ():
                self._windows.update(_windows(form))
                layout += _LAYOUT.findall(form)
            known.update(value.splitlines())
        # The mask and mere layout give nothing away, whatever a secret is made of.
        self._windows.difference_update(*map(_windows, (MASK, *layout)))
        self._mask_words = _word_masker(words)
        self._short = lru_cache(_KEPT_TEXTS)(self._whole)

    def text(self, text: str) -> str:
        """``text`` with every secret, and every piece of one, masked.

        Colours within a secret do not hide it, and those around it stay.
        """
        return self._whole(text) if len(text) > _KEPT_CHARACTERS else self._short(text)

    def _whole(self, text: str) -> str:
        return self.continuation("", text)

    def continuation(self, shown: str, text: str) -> str:
        """``text`` masked, given that the raw text ``shown`` stands right before it.

        A secret that is written in parts is whole to its reader. Of ``shown`` its last
        7 characters count: more of a secret than that was masked when it was written.
        """
        if _CONTROL_BEGINS not in text:
            return self._mask_parts(shown, [text])[0]
        pieces = _CONTROL.split(text)
        masked = self._mask_parts(shown, pieces[::2])
        return "".join(itertools.chain(*zip(masked, [*pieces[1::2], ""], strict=True)))

    def value(self, value: Any) -> Any:
        """``value`` with every text in it masked, in keys as well; order stays.

        Numbers, truth values and ``None`` stay what they are unless their digits give a
        secret away; an object of another kind becomes its masked ``str()``.
        """
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, list | tuple | set | frozenset):
            members = [self.value(member) for member in value]
            return tuple(members) if isinstance(value, tuple) else members
        masked = self.text(shown := str(value))
        if isinstance(value, int | float) and masked == shown:
            return value
        return MASK if isinstance(value, Secret) else masked

    def _mapping(self, mapping: Mapping[Any, Any]) -> dict[Any, Any]:
        masked: dict[Any, Any] = {}
        for key, member in mapping.items():
            name = self.value(key)
            # Two keys that were masked alike must not swallow one another.
            twins = (f"{name} ({count})" for count in range(2, len(mapping) + 2))
            free = (
                name
                if name not in masked
                else next(t for t in twins if t not in masked)
            )
            masked[free] = self.value(member)
        return masked

    def _mask_parts(self, shown: str, parts: Sequence[str]) -> list[str]:
        """Each part masked, as what it is of the whole that they are together."""
        before = shown[1 - WINDOW :]
        whole = before + "".join(parts)
        spans = deque(self._spans(whole))
        masked = []
        begin = len(before)
        for part in parts:
            end = begin + len(part)
            seen = _masked(whole, begin, end, spans) if spans else part
            masked.append(self._mask_words(seen))
            begin = end
        return masked

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """What windows of secrets cover, in order; touching stretches are joined."""
        start = end = -1
        for window in self._found(text):
            if window > end:
                if end > 0:
                    yield start, end
                start = window
            end = window + WINDOW
        if end > 0:
            yield start, end

    def _found(self, text: str) -> list[int]:
        """The places where a window begins, ascending."""
        windows = self._windows
        if not windows:
            return []
        last = len(text) - WINDOW + 1
        return [i for i in range(last) if text[i : i + WINDOW] in windows]


def _new_forms(value: str, known: set[str]) -> Iterable[str]:
    """The forms of a secret that no longer one has; ``known`` are the lines of those.

    Whatever a whole key becomes holds what its lines become, at every offset; only the
    end of a line's own base64 is filled up with zeros.
    """
    is_line = value in known and len(value) != _UUID_LENGTH  # which has more spellings
    return ends_of_base64(value) if is_line else forms(value)


def _masked(whole: str, begin: int, end: int, spans: deque[tuple[int, int]]) -> str:
    """What may be seen of ``whole[begin:end]``; spans that end there are used up."""
    parts: list[str] = []
    while spans and spans[0][0] < end:
        start, stop = spans[0]
        if stop > begin:
            parts += (whole[begin:start], MASK)
            begin = min(stop, end)
        if stop > end:
            break
        spans.popleft()
    parts.append(whole[begin:end])
    return "".join(parts)


def _windows(text: str) -> list[str]:
    return [text[i : i + WINDOW] for i in range(len(text) - WINDOW + 1)]


def _word_masker(words: set[str]) -> Callable[[str], str]:
    if not words:
        return lambda text: text
    # Longest first: an escaped form may begin like the plain one.
    either = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])")
    return lambda text: pattern.sub(MASK, text)
