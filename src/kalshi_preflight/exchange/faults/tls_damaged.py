"""The handshake succeeds, and then bytes are damaged on the way."""

from collections.abc import Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

#: A record that nobody encrypted for us, and a ServerHello that is none.
_FOREIGN_RECORD = b"\x17\x03\x03\x00\x20" + bytes(32)
_NO_HELLO = b"\x16\x03\x03\x00\x08\x02\x00\x00\x04\xff\xff\xff\xff"


async def _spoil(stream: Stream) -> bool:
    await stream.send_raw(_FOREIGN_RECORD)
    await stream.drain()
    return True


async def _answer_nonsense(stream: Stream, _: bytes) -> bool:
    await stream.send_raw(_NO_HELLO)
    await stream.drain()
    return True


def _apply_spoil(hooks: Hooks) -> None:
    hooks.web.secured.append(_spoil)


def _apply_nonsense(hooks: Hooks) -> None:
    hooks.web.hellos.append(_answer_nonsense)


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "tls-reset", apply)


FAULTS = (
    _fault(
        "tls-damaged-record",
        "The first record after the handshake was damaged on the way.",
        _apply_spoil,
    ),
    _fault(
        "tls-damaged-hello",
        "The ServerHello is a record of TLS with nonsense in it.",
        _apply_nonsense,
    ),
)
