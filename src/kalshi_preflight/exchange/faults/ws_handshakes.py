"""101 that is none, or no answer to the upgrade at all."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import Change, Then, is_upgrade, sending


def _fault(
    name: str, cause: str, sentence: str, change: Change, then: Then = Then.SILENCE
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.sends.append(sending(is_upgrade, change, then))

    return Fault(f"ws-{name}", "websocket", sentence, cause, apply)


def _invalid(name: str, sentence: str, change: Change) -> Fault:
    return _fault(f"invalid-{name}", "ws-upgrade-invalid", sentence, change)


def _without(name: bytes) -> Change:
    def change(wire: bytes) -> bytes:
        lines = wire.split(b"\r\n")
        return b"\r\n".join(
            line for line in lines if not line.lower().startswith(name + b":")
        )

    return change


def _with(line: bytes) -> Change:
    return lambda wire: wire.replace(b"\r\n", b"\r\n" + line + b"\r\n", 1)


def _foreign_key(wire: bytes) -> bytes:
    without = _without(b"sec-websocket-accept")(wire)
    assert isinstance(without, bytes)
    return without.replace(
        b"\r\n", b"\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n", 1
    )


def _bare(_: bytes) -> bytes:
    return b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


def _nothing(_: bytes) -> bytes:
    return b""


def _part(wire: bytes) -> bytes:
    return wire[:25]


_DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate"

FAULTS = (
    _invalid("accept", "101 with a wrong Sec-WebSocket-Accept.", _foreign_key),
    _invalid("no-accept", "101 without one.", _without(b"sec-websocket-accept")),
    _invalid("no-upgrade", "101 without Upgrade.", _without(b"upgrade")),
    _invalid("no-connection", "101 without Connection.", _without(b"connection")),
    _invalid("bare", "101 without any header.", _bare),
    _invalid(
        "extension",
        "101 with an extension that does not exist.",
        _with(b"Sec-WebSocket-Extensions: x-unknown"),
    ),
    _invalid("compression", "101 with compression nobody offered.", _with(_DEFLATE)),
    _invalid(
        "compression-window",
        "101 with parameters of compression that are out of range.",
        _with(_DEFLATE + b"; server_max_window_bits=99"),
    ),
    _invalid(
        "subprotocol",
        "101 with a subprotocol that was not offered.",
        _with(b"Sec-WebSocket-Protocol: mqtt"),
    ),
    _invalid("status-line", "No status line.", lambda _: b"HTTP/1.1 OK\r\n\r\n"),
    _invalid("h2", "HTTP/2 frames.", lambda _: b"\0\0\x12\x04\0\0\0\0\0\r\n\r\n"),
    _invalid(
        "header",
        "A header of 200 kB.",
        lambda _: b"HTTP/1.1 101 X\r\nA: " + b"a" * 200_000,
    ),
    _fault("stall", "ws-stalled", "The upgrade is never answered.", _nothing),
    _fault("stall-in-head", "ws-stalled", "Silence inside the head.", _part),
    _fault("end-before", "ws-closed", "Closed before.", _nothing, Then.CLOSE),
    _fault("end-cut", "ws-closed", "TCP ends before.", _nothing, Then.CUT),
    _fault("end-reset", "ws-closed", "RST before.", _nothing, Then.RESET),
    _fault("end-in-head", "ws-closed", "Closed inside the head.", _part, Then.CLOSE),
)
