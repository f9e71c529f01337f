"""TCP is open, and TLS never begins, or never ends."""

import asyncio

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

#: The beginning of a record of 122 bytes of handshake, and of a ServerHello in it.
HALF_A_HELLO = bytes.fromhex("160303007a020000760303") + bytes(20)
_DRIP_SECONDS = 0.2
#: Segments that are larger are lost. Loopback's own are larger by far.
_LARGEST_SEGMENT_BYTES = 1000


async def _swallow(stream: Stream, _: bytes) -> bool:
    await stream.drain()
    return True


async def _swallow_all(stream: Stream) -> bool:
    await stream.drain()
    return True


async def _half(stream: Stream, _: bytes) -> bool:
    await stream.send_raw(HALF_A_HELLO)
    await stream.drain()
    return True


async def _drip(stream: Stream, _: bytes) -> bool:
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(stream.drain())
        for byte in HALF_A_HELLO * 4:
            if reading.done():
                break
            await stream.send_raw(bytes((byte,)))
            await asyncio.sleep(_DRIP_SECONDS)
    return True


async def _wait_for_a_line(stream: Stream, hello: bytes) -> bool:
    if hello.startswith(b"GET "):
        await stream.send_raw(b"HTTP/1.0 200 OK\r\n\r\nhello")
        await stream.close()
        return True
    await stream.drain()
    return True


async def _lose_large_segments(stream: Stream, _: bytes) -> bool:
    if stream.segment_bytes <= _LARGEST_SEGMENT_BYTES:
        return False
    await stream.drain()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.web.hellos.append(_swallow)


def _apply_silence(hooks: Hooks) -> None:
    hooks.web.accepted.append(_swallow_all)


def _apply_half(hooks: Hooks) -> None:
    hooks.web.hellos.append(_half)


def _apply_drip(hooks: Hooks) -> None:
    hooks.web.hellos.append(_drip)


def _apply_line(hooks: Hooks) -> None:
    hooks.web.hellos.append(_wait_for_a_line)


def _apply_small_pipe(hooks: Hooks) -> None:
    hooks.web.hellos.append(_lose_large_segments)


FAULTS = (
    Fault(
        "tls-stall",
        "tls",
        "The ClientHello is read and never answered.",
        "tls-stalled",
        _apply,
    ),
    Fault(
        "tls-stall-half",
        "tls",
        "Half a ServerHello comes, and then nothing.",
        "tls-stalled",
        _apply_half,
    ),
    Fault(
        "tls-stall-drip",
        "tls",
        "The ServerHello comes byte by byte, and does not end.",
        "tls-stalled",
        _apply_drip,
    ),
    Fault(
        "tls-stall-plain-server",
        "tls",
        "A server without TLS waits for a line.",
        "tls-stalled",
        _apply_line,
    ),
    Fault(
        "tls-stall-large-packets",
        "tls",
        "What is larger than 1000 bytes is lost on the way: an MTU hole.",
        "tls-stalled",
        _apply_small_pipe,
    ),
    Fault(
        "tls-stall-accept",
        "tls",
        "The connection is accepted and nobody ever reads it.",
        "tls-stalled",
        _apply_silence,
    ),
)
