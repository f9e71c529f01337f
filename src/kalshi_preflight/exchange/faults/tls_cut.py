"""The connection ends in the middle of the handshake."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.faults.tls_stall import HALF_A_HELLO
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream


async def _reset(stream: Stream, _: bytes) -> bool:
    stream.reset()
    return True


async def _close(stream: Stream, _: bytes) -> bool:
    await stream.close()
    return True


async def _half_and_reset(stream: Stream, _: bytes) -> bool:
    await stream.send_raw(HALF_A_HELLO)
    stream.reset()
    return True


async def _half_and_close(stream: Stream, _: bytes) -> bool:
    await stream.send_raw(HALF_A_HELLO)
    await stream.close()
    return True


def _apply_reset(hooks: Hooks) -> None:
    hooks.web.hellos.append(_reset)


def _apply_close(hooks: Hooks) -> None:
    hooks.web.hellos.append(_close)


def _apply_half_and_reset(hooks: Hooks) -> None:
    hooks.web.hellos.append(_half_and_reset)


def _apply_half_and_close(hooks: Hooks) -> None:
    hooks.web.hellos.append(_half_and_close)


FAULTS = (
    Fault(
        "tls-reset",
        "tls",
        "The ClientHello is answered with RST.",
        "tls-reset",
        _apply_reset,
    ),
    Fault(
        "tls-closed",
        "tls",
        "The ClientHello is answered with FIN.",
        "tls-closed",
        _apply_close,
    ),
    Fault(
        "tls-reset-half",
        "tls",
        "Half a ServerHello comes, and then RST.",
        "tls-reset",
        _apply_half_and_reset,
    ),
    Fault(
        "tls-closed-half",
        "tls",
        "Half a ServerHello comes, and then FIN.",
        "tls-closed",
        _apply_half_and_close,
    ),
)
