"""The terminal's lines about vantage points: one for each, and a sentence over all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kalshi_preflight.report.ascii import ascii_text, fitted, wrapped

Paint = Callable[[str, str], str]
#: A longer name of a vantage point is cut.
_LONGEST = 30


def vantage_lines(
    environment: Mapping[str, Any], width: int, paint: Paint
) -> Iterator[str]:
    """What each vantage point says of an environment; nothing where there is one."""
    seen = environment.get("seen_from")
    if not isinstance(seen, Mapping):
        return
    yield ""
    yield wrapped(f"{ascii_text(seen.get('sentence', ''))}.", width, first="  ")
    verdicts = [v for v in seen.get("verdicts", []) if isinstance(v, Mapping)]
    names = [ascii_text(each.get("vantage", "?")) for each in verdicts]
    room = min(max(map(len, names), default=0), _LONGEST, width - 20)
    for name, each in zip(names, verdicts, strict=True):
        verdict = ascii_text(each.get("verdict", "?"))
        shown = f"    {fitted(name, room):<{room}}  "
        cause = fitted(ascii_text(each.get("cause") or ""), width - len(shown) - 13)
        yield f"{shown}{paint(f'{verdict:<11}', verdict)}  {cause}".rstrip()
    yield ""
    said = f"Below: as seen from {ascii_text(seen.get('vantage', '?'))}."
    yield wrapped(said, width, first="  ")
