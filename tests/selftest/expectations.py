"""What each fault does to each journey: worked out from its layer, before any survey.

A fault of a layer strikes the journeys that go through what it spoils: names are the
same for all three, REST and WebSocket share a port, FIX has its own. What differs from
that is listed here by name and nowhere else, so that whoever adds a fault has to say
how far it reaches.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TypeVar

from kalshi_preflight.causes.catalogue import CATALOGUE
from kalshi_preflight.causes.questions import MAIN_QUESTIONS
from kalshi_preflight.exchange import Fault
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.survey.plan import JOURNEYS

T = TypeVar("T")

REST, WEBSOCKET, FIX = EndpointKind.REST, EndpointKind.WEBSOCKET, EndpointKind.FIX
ALL = (REST, WEBSOCKET, FIX)

#: Which journeys go through what a fault of this layer spoils.
_THROUGH: Mapping[Layer, tuple[EndpointKind, ...]] = {
    Layer.DNS: ALL,
    Layer.TCP: (REST, WEBSOCKET),
    Layer.TLS: (REST, WEBSOCKET),
    Layer.HTTP: (REST,),
    Layer.AUTH: (REST,),
    Layer.WEBSOCKET: (WEBSOCKET,),
    Layer.FIX: (FIX,),
}
#: Faults that strike other journeys; the first pattern that fits counts.
_STRIKES: Mapping[str, tuple[EndpointKind, ...]] = {
    "fix-*": (FIX,),
    # The machine's own: said once, on the first journey.
    "network-offline": (REST,),
    # FIX takes no HTTP proxy; what a proxy does to headers, REST tells for WebSocket.
    "proxy-drops-*": (REST,),
    "proxy-*": (REST, WEBSOCKET),
    # The name has addresses that nobody serves, whatever the port.
    "tcp-ipv?-*": ALL,
    "tcp-one-*": ALL,
    # Our own list of roots serves all.
    "tls-trust-store-*": ALL,
}
#: Journeys that wait for the cause of another: from which layer on they are blocked.
_WAITS: Mapping[str, Mapping[EndpointKind, Layer]] = {
    "network-offline": {WEBSOCKET: Layer.DNS, FIX: Layer.DNS},
    # What is off by more than the certificates' gap is refused by FIX as well.
    "clock-ahead*": {FIX: Layer.FIX},
    "clock-behind": {FIX: Layer.FIX},
    # Up to 10 s are accepted everywhere, ahead of the exchange up to 60 s by REST.
    "clock-3s-*": {},
    "clock-8s-*": {},
    "clock-agrees-*": {},
    "clock-40s-behind": {FIX: Layer.FIX},
    "clock-*s-*": {WEBSOCKET: Layer.WEBSOCKET, FIX: Layer.FIX},
    "clock-skew": {WEBSOCKET: Layer.WEBSOCKET, FIX: Layer.FIX},
    "clock-unknown": {WEBSOCKET: Layer.WEBSOCKET, FIX: Layer.FIX},
    # The upgrade is signed with the same key and goes the same way.
    "key-*": {WEBSOCKET: Layer.WEBSOCKET},
    "signature-rejected": {WEBSOCKET: Layer.WEBSOCKET},
    "proxy-drops-*": {WEBSOCKET: Layer.WEBSOCKET},
}
#: What else the same fault breaks: another journey's cause, and where.
_BESIDES: Mapping[str, Mapping[EndpointKind, tuple[Layer, str]]] = {
    "proxy-name-unknown": {FIX: (Layer.DNS, "dns-blocked-here")},
    "tls-root-expired": {FIX: (Layer.TLS, "tls-intercepted")},
}
#: Python 3.13 refuses certificates of a form that older ones put up with.
_REFUSED_FROM_3_13 = Severity.BROKEN if sys.version_info >= (3, 13) else Severity.NOTE
#: Severities that the case decides, and not the row.
_SEVERITIES: Mapping[str, Severity] = {
    "clock-3s-*": Severity.WARNING,
    "fix-logout-*": Severity.WARNING,
    "tls-intercepted-trusted": Severity.NOTE,
    "tls-intercepted-sloppy*": _REFUSED_FROM_3_13,
    "ws-flapping": Severity.WARNING,
    "ws-origin-page": Severity.WARNING,
}
#: Questions that the case decides, and not the row.
_QUESTIONS: Mapping[str, str] = {
    "auth-control-*": "test_damaged_signature_is_refused",
    "ws-unacknowledged": "test_subscription_is_acknowledged",
    "ws-swallowed": "test_subscription_is_acknowledged",
    "ws-end-*": "test_upgrade_succeeds",
    "fix-maintenance": "test_heartbeat_is_answered",
    "fix-session-reset": "test_heartbeat_is_answered",
    "fix-garbage": "test_heartbeat_is_answered",
    "fix-wrong-sum": "test_heartbeat_is_answered",
    "fix-not-authorized": "test_heartbeat_is_answered",
}
#: Faults by which a proxy's address is given literally: no name is asked for.
_LITERAL_PROXIES = "proxy-*"
_NAMED_PROXIES = ("proxy-name-unknown", "proxy-drops-*")
#: Every table of exceptions, for the test that finds entries without a fault.
TABLES: tuple[Mapping[str, object], ...] = (
    *(_STRIKES, _WAITS, _BESIDES, _SEVERITIES, _QUESTIONS),
    dict.fromkeys((_LITERAL_PROXIES, *_NAMED_PROXIES)),
)


def _of(table: Mapping[str, T], name: str) -> T | None:
    return next((v for pattern, v in table.items() if fnmatchcase(name, pattern)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a survey of a fault has to find.

    ``broken`` are the journeys that end, each with the layer and the cause;
    ``blocked`` every layer of every journey that is not taken for it; ``question`` the
    live test that fails on the fault's own layer.
    """

    fault: Fault
    severity: Severity
    question: str
    broken: Mapping[EndpointKind, tuple[Layer, str]] = field(default_factory=dict)
    blocked: frozenset[tuple[EndpointKind, Layer]] = frozenset()

    def exit_code(self, required: tuple[EndpointKind, ...]) -> int:
        """1 if a required journey is broken, or waits for one that is; else 0."""
        ends = {*self.broken, *(kind for kind, _ in self.blocked)}
        return 1 if ends & set(required) else 0

    def outcomes(self, kind: EndpointKind, layer: Layer, question: str) -> set[str]:
        """What may become of one live question.

        Beside the question that fails, others of the same layer can be answered or
        not: that is a matter of how far the step came.
        """
        if (kind, layer) in self.blocked:
            return {"blocked"}
        where, cause = self.broken.get(kind, (None, ""))
        if layer is where:
            own = cause == self.fault.cause
            asked = self.question if own else _row_question(cause, layer)
            return {"failed"} if question == asked else {"passed", "blocked"}
        return {"skipped"} if self._without_name(kind, layer) else {"passed"}

    def _without_name(self, kind: EndpointKind, layer: Layer) -> bool:
        name = self.fault.name
        literal = fnmatchcase(name, _LITERAL_PROXIES) and not any(
            fnmatchcase(name, pattern) for pattern in _NAMED_PROXIES
        )
        return literal and layer is Layer.DNS and kind is not FIX


def expected_of(fault: Fault) -> Expected:
    """Work out what a fault does; ``KeyError`` for a cause without a row."""
    row, layer = CATALOGUE[fault.cause], Layer(str(fault.layer))
    severity = _of(_SEVERITIES, fault.name) or row.severity
    if fault.measured:
        severity = Severity.WARNING  # a measurement breaks nothing
    broken: dict[EndpointKind, tuple[Layer, str]] = {}
    waiting: Mapping[EndpointKind, Layer] = {}
    if severity is Severity.BROKEN:
        struck = _of(_STRIKES, fault.name) or _THROUGH[layer]
        broken = dict.fromkeys(struck, (layer, fault.cause))
        waiting = _of(_WAITS, fault.name) or {}
    broken |= _of(_BESIDES, fault.name) or {}
    return Expected(
        fault=fault,
        severity=severity,
        question=_of(_QUESTIONS, fault.name) or _row_question(fault.cause, layer),
        broken=broken,
        blocked=frozenset(_blocked(broken, waiting)),
    )


def _row_question(cause: str, layer: Layer) -> str:
    row = CATALOGUE[cause]
    return row.question if row.layer is layer else MAIN_QUESTIONS[layer]


def _blocked(
    broken: Mapping[EndpointKind, tuple[Layer, str]],
    waiting: Mapping[EndpointKind, Layer],
) -> set[tuple[EndpointKind, Layer]]:
    above = {
        (kind, layer)
        for kind, (where, _) in broken.items()
        for layer in JOURNEYS[kind]
        if layer.rank > where.rank
    }
    from_there = {
        (kind, layer)
        for kind, first in waiting.items()
        for layer in JOURNEYS[kind]
        if layer.rank >= first.rank
    }
    return above | from_there
