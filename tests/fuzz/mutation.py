"""Damage to bytes: what lines, disks and enemies do to what was healthy."""

import random
from collections.abc import Callable, Sequence

Chance = random.Random
Damage = Callable[[bytearray, Chance, Sequence[bytes]], None]

#: Bytes at which parsers stumble: signs of lengths, ends, escapes, line ends.
_TELLING = (0x00, 0x01, 0x0A, 0x0D, 0x1B, 0x20, 0x22, 0x3D, 0x7F, 0x80, 0xC0, 0xFF)
_LENGTHS = (0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_MOST_TIMES = 2000


def chance(*seed: object) -> Chance:
    """A generator that repeats itself for the same seed, on every machine."""
    return random.Random(":".join(map(str, seed)))  # noqa: S311  # nothing secret


def _place(data: bytearray, chance: Chance) -> int:
    return chance.randrange(len(data) + 1)


def _span(data: bytearray, chance: Chance) -> slice:
    begin = _place(data, chance)
    return slice(begin, min(len(data), begin + chance.choice((1, 2, 4, 16, 64, 999))))


def _flip(data: bytearray, chance: Chance, _: Sequence[bytes]) -> None:
    for _bit in range(chance.choice((1, 1, 1, 3, 9))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, chance: Chance, _: Sequence[bytes]) -> None:
    if data:
        byte = chance.choice((*_TELLING, chance.randrange(256)))
        data[chance.randrange(len(data))] = byte


def _cut(data: bytearray, chance: Chance, _: Sequence[bytes]) -> None:
    del data[_place(data, chance) :]


def _remove(data: bytearray, chance: Chance, _: Sequence[bytes]) -> None:
    del data[_span(data, chance)]


def _double(data: bytearray, chance: Chance, _: Sequence[bytes]) -> None:
    span = _span(data, chance)
    data[span.start : span.start] = data[span] * chance.choice((1, 1, 2, 30))


def _insert(data: bytearray, chance: Chance, words: Sequence[bytes]) -> None:
    noise = chance.randbytes(chance.choice((1, 2, 8, 40)))
    place = _place(data, chance)
    data[place:place] = chance.choice((*words, noise)) if words else noise


def _replace(data: bytearray, chance: Chance, words: Sequence[bytes]) -> None:
    noise = chance.randbytes(chance.choice((1, 2, 8)))
    data[_span(data, chance)] = chance.choice((*words, noise)) if words else noise


def _lie(data: bytearray, chance: Chance, _: Sequence[bytes]) -> None:
    """A length that is none: binary, in one of the usual widths."""
    width = chance.choice((1, 2, 4))
    length = chance.choice(_LENGTHS) % (1 << 8 * width)
    place = _place(data, chance)
    data[place : place + width] = length.to_bytes(width, "big")


def _lie_in_digits(data: bytearray, chance: Chance, _: Sequence[bytes]) -> None:
    """A length, a code or a date that is none: in decimal or hexadecimal digits."""
    places = [i for i, byte in enumerate(data) if 0x30 <= byte <= 0x39]
    if not places:
        return
    begin = end = chance.choice(places)
    while end < len(data) and 0x30 <= data[end] <= 0x39:
        end += 1
    number = chance.choice((*_LENGTHS, -1, 10**20, 10**400, chance.randrange(10**4)))
    data[begin:end] = b"%d" % number


def _splice(data: bytearray, chance: Chance, words: Sequence[bytes]) -> None:
    """The beginning of this and the end of another."""
    other = chance.choice(words) if words else bytes(data)
    data[_place(data, chance) :] = other[chance.randrange(len(other) + 1) :]


def _repeat(data: bytearray, chance: Chance, words: Sequence[bytes]) -> None:
    """One thing again and again: brackets, labels, empty frames."""
    span = _span(data, chance)
    piece = chance.choice((*words, bytes(data[span]), b"[", b"\0"))
    place = _place(data, chance)
    data[place:place] = piece * min(_MOST_TIMES, 20_000 // max(1, len(piece)))


#: How often each damage is done, small ones more often than large ones.
DAMAGES: dict[Damage, int] = {
    _flip: 6,
    _overwrite: 5,
    _cut: 3,
    _remove: 3,
    _double: 3,
    _insert: 5,
    _replace: 5,
    _lie: 3,
    _lie_in_digits: 4,
    _splice: 2,
    _repeat: 1,
}


def mutated(
    healthy: Sequence[bytes], chance: Chance, words: Sequence[bytes] = ()
) -> bytes:
    """One of ``healthy`` after one to four damages; ``words`` are inserted whole."""
    data = bytearray(chance.choice(healthy))
    times = chance.choice((1, 1, 1, 2, 2, 4))
    for damage in chance.choices(list(DAMAGES), list(DAMAGES.values()), k=times):
        damage(data, chance, (*words, *healthy[:1]))
    return bytes(data)
