"""The answer begins, and does not go on; or it never arrives whole."""

import itertools

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import (
    Change,
    Then,
    answering,
    head_of,
    is_status,
    sending,
)
from kalshi_preflight.exchange.message import as_html

_DRIP_SECONDS = 0.05


def _drops(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


def _fault(
    name: str, sentence: str, change: Change, pause_seconds: float = 0.0
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.sends.append(sending(is_status, change, Then.SILENCE, pause_seconds))

    return Fault(name, "http", sentence, "http-stalled", apply)


def _give_up_waiting(hooks: Hooks) -> None:
    hooks.http.answers.append(answering(is_status, as_html("", 408)))


FAULTS = (
    _fault("http-stall-in-head", "Silence inside the head.", lambda wire: wire[:30]),
    _fault(
        "http-stall-in-body",
        "Silence inside the body.",
        lambda wire: wire[: len(head_of(wire)) + 20],
    ),
    _fault(
        "http-drip-head",
        "A header that comes byte by byte and never ends.",
        lambda wire: itertools.chain([wire[:17], b"X-Drip: "], itertools.repeat(b"x")),
        _DRIP_SECONDS,
    ),
    _fault(
        "http-drip-body",
        "The body comes byte by byte.",
        lambda wire: [head_of(wire), *_drops(wire[len(head_of(wire)) :])],
        _DRIP_SECONDS,
    ),
    Fault(
        "http-408",
        "http",
        "408: the server gave up waiting for the request.",
        "http-stalled",
        _give_up_waiting,
    ),
)
