"""The connection ends before an answer has begun."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import Change, Then, is_status, sending


def _fault(name: str, sentence: str, change: Change, then: Then) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.sends.append(sending(is_status, change, then))

    return Fault(f"http-end-{name}", "http", sentence, "http-connection-closed", apply)


def _nothing(_: bytes) -> bytes:
    return b""


def _part(wire: bytes) -> bytes:
    return wire[:40]


def _interim(_: bytes) -> bytes:
    return b"HTTP/1.1 100 Continue\r\n\r\n"


FAULTS = (
    _fault("before", "Closed instead of an answer.", _nothing, Then.CLOSE),
    _fault("cut", "TCP ends instead of an answer.", _nothing, Then.CUT),
    _fault("reset", "RST instead of an answer.", _nothing, Then.RESET),
    _fault("in-head", "Closed inside the head.", _part, Then.CLOSE),
    _fault("reset-in-head", "RST inside the head.", _part, Then.RESET),
    _fault("in-word", "Closed after three bytes.", lambda wire: wire[:3], Then.CLOSE),
    _fault("after-100", "100 Continue, and then the end.", _interim, Then.CLOSE),
)
