"""After 101: frames and messages that are none."""

import itertools
import zlib
from collections.abc import Iterable

from websockets.frames import Frame, Opcode

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import Then, end
from kalshi_preflight.exchange.wire import Stream


def _fault(
    name: str,
    sentence: str,
    data: bytes | Iterable[bytes],
    then: Then = Then.SILENCE,
) -> Fault:
    async def take(stream: Stream) -> bool:
        for part in [data] if isinstance(data, bytes) else data:
            await stream.send(part)
        await end(stream, then)
        return True

    def apply(hooks: Hooks) -> None:
        hooks.websocket.opened.append(take)

    return Fault(f"ws-frame-{name}", "websocket", sentence, "ws-protocol-error", apply)


def text(data: bytes) -> bytes:
    """Frame a text message as a server does: unmasked."""
    return Frame(Opcode.TEXT, data).serialize(mask=False)


_PACKED = zlib.compress(b'{"type":"ok"}', wbits=-15)
_PAGE = b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>"
_PING = Frame(Opcode.PING, b"flood").serialize(mask=False)

FAULTS = (
    _fault("utf8", "Text that is not UTF-8.", text(b"\xff\xfe\xfa")),
    _fault("word", "Text that is not JSON.", text(b"OK")),
    _fault("cut-json", "JSON that ends early.", text(b'{"type":"subscribed","msg":')),
    _fault("nested", "Brackets without end.", text(b"[" * 100_000)),
    _fault("list", "JSON that is no object.", text(b"[]")),
    _fault("untyped", "An object without a type.", text(b'{"hello":"world"}')),
    _fault("utf16", "JSON in UTF-16.", text('{"type":"ok"}'.encode("utf-16"))),
    _fault(
        "binary",
        "A binary message.",
        Frame(Opcode.BINARY, b'{"type":"ticker"}').serialize(mask=False),
    ),
    _fault("reserved-bits", "Reserved bits are set.", b"\xf1\x02{}"),
    _fault(
        "compressed",
        "A compressed message, though no compression was agreed.",
        bytes([0xC1, len(_PACKED)]) + _PACKED,
    ),
    _fault("opcode", "An opcode that does not exist.", b"\x85\x02{}"),
    _fault("masked", "A masked frame, which only clients send.", b"\x81\x82abcd{}"),
    _fault("continuation", "A continuation of nothing.", b"\x80\x02{}"),
    _fault(
        "long-ping", "A ping of more than 125 bytes.", b"\x89\x7e\x00\x80" + b"p" * 128
    ),
    _fault("fragmented-ping", "A ping in fragments.", b"\x09\x01p"),
    _fault("http", "An error page of HTTP, and silence.", _PAGE),
    _fault("http-end", "An error page of HTTP, and the end.", _PAGE, Then.CLOSE),
    _fault("http-long", "A long error page of HTTP.", _PAGE * 9),
    _fault("oversize", "A message of 5 MiB.", text(b" " * (5 << 20))),
    _fault(
        "declared",
        "A frame said to have 1 TiB.",
        b"\x81\x7f" + (1 << 40).to_bytes(8, "big"),
    ),
    _fault(
        "fragments",
        "Fragments without end.",
        itertools.chain(
            [b"\x01\x7e\xff\xff" + b" " * 65535],
            itertools.repeat(b"\x00\x7e\xff\xff" + b" " * 65535),
        ),
    ),
    _fault(
        "pings", "Pings without end, and nothing else.", itertools.repeat(_PING * 100)
    ),
)
