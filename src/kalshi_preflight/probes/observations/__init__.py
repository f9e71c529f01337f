"""Discriminating observations: made only when a symptom has several causes.

A rule asks for one by its name in this list; each does one thing, within a deadline of
its own, and returns facts. None of them sends credentials anywhere but to an exchange.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.line import Line, Notes

Observe = Callable[[Line, Evidence], Awaitable[Notes]]

#: Each is a module beside this one, with underscores for hyphens.
OBSERVATIONS = (
    "controls",
    "control-names",
    "second-resolver",
    "checking-disabled",
    "canary-name",
    "hosts-file",
    "silent-connection",
    "unverified-chain",
    "public-roots",
    "trust-store",
    "control-chains",
    "clock-witnesses",
    "control-server-name",
    "small-segments",
    "plain-request",
    "handshake-flight",
    "sibling",
    "alternates",
    "sibling-status",
)


def observation(name: str) -> Observe:
    """The observation of this name, imported on use: a healthy run needs none.

    Raises ``KeyError`` for a name that is not in :data:`OBSERVATIONS`.
    """
    if name not in OBSERVATIONS:
        raise KeyError(name)
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    observe: Observe = module.observe
    return observe
