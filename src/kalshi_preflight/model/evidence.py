"""Evidence: what a probe saw, before anybody judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kalshi_preflight.model.layer import Layer

#: JSON-shaped values by name; units stand in the names (``elapsed_ms``).
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An exception, translated once, by number and class and never by its text.

    ``operation`` is what was being done (``connect``, ``handshake``, ``request`` ...),
    ``kind`` a word of the closed vocabulary in ``probes/failures.py``, ``code`` the
    errno, winerror, gai code or verify code, ``text`` the raw text (untrusted) and
    ``chain`` the exception types from the outermost to the root.
    """

    operation: str
    kind: str
    code: int | None = None
    text: str = ""
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one probe saw on one layer.

    ``late_ms`` is by how much this machine itself was late meanwhile, which makes no
    peer slow. ``failure`` is the exception that ended the probe, if one did; ``facts``
    are kept in both cases. ``skipped`` says why a probe had nothing to do (an address
    given literally needs no resolver).
    """

    layer: Layer
    elapsed_ms: float = 0.0
    late_ms: float = 0.0
    facts: Facts = field(default_factory=dict)
    failure: Failure | None = None
    skipped: str | None = None
