"""After 101: the connection is closed, cut or reset before an acknowledgement."""

from websockets.frames import Close, Frame, Opcode

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import Then, end
from kalshi_preflight.exchange.wire import Stream

_REASONS = {
    1000: "",
    1001: "going away",
    1002: "protocol error",
    1003: "unsupported data",
    1007: "invalid payload",
    1008: "policy violation",
    1009: "message too big",
    1011: "internal error",
    1012: "service restart",
    1013: "try again later",
    1014: "bad gateway",
    3000: "unauthorized",
    4001: "auth expired",
    4999: "",
}


def _fault(
    name: str, sentence: str, data: bytes, then: Then, cause: str = "ws-closed"
) -> Fault:
    async def take(stream: Stream) -> bool:
        await stream.send(data)
        await end(stream, then)
        return True

    def apply(hooks: Hooks) -> None:
        hooks.websocket.opened.append(take)

    return Fault(f"ws-close-{name}", "websocket", sentence, cause, apply)


def _close(payload: bytes) -> bytes:
    return Frame(Opcode.CLOSE, payload).serialize(mask=False)


FAULTS = (
    *(
        _fault(
            str(code),
            f"Closed with {code} before any answer.",
            _close(Close(code, reason).serialize()),
            Then.CLOSE,
        )
        for code, reason in _REASONS.items()
    ),
    _fault("no-code", "Closed without a code.", _close(b""), Then.CLOSE),
    _fault("fin", "TCP ends without a closing handshake.", b"", Then.CUT),
    _fault("notify", "TLS ends without a closing handshake.", b"", Then.CLOSE),
    _fault("rst", "RST without a closing handshake.", b"", Then.RESET),
    _fault(
        "in-frame",
        "TCP ends inside a frame.",
        b"\x81\x7e\x01\x00{",
        Then.CUT,
    ),
    *(
        _fault(
            f"illegal-{code}",
            f"Closed with {code}, which must not stand in a frame.",
            _close(code.to_bytes(2, "big")),
            Then.CLOSE,
            "ws-protocol-error",
        )
        for code in (999, 1005, 1006)
    ),
)
