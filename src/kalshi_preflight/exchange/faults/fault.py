"""What a fault is."""

from collections.abc import Callable
from dataclasses import dataclass

from kalshi_preflight.exchange.hooks import Hooks


@dataclass(frozen=True)
class Fault:
    """One way of misbehaving.

    ``layer`` is where it acts, ``sentence`` says what goes wrong, ``cause`` is the id
    that a diagnosis must find, ``apply`` installs it on the hooks of an exchange that
    has not started yet, and ``also`` are the causes to be found beside the first.
    ``measured`` marks what only shows while a way is measured: until then all is well.
    """

    name: str
    layer: str
    sentence: str
    cause: str
    apply: Callable[[Hooks], None]
    also: tuple[str, ...] = ()
    measured: bool = False
