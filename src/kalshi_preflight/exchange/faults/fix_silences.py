"""A FIX acceptor that takes the logon's bytes and answers nothing, or hangs up."""

from collections.abc import Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import AnswerFix, Hooks
from kalshi_preflight.exchange.wire import Stream


async def _swallow(stream: Stream, kind: str, healthy: list[bytes]) -> None:
    await stream.drain()


async def _hang_up(stream: Stream, kind: str, healthy: list[bytes]) -> None:
    await stream.close()


async def _reset(stream: Stream, kind: str, healthy: list[bytes]) -> None:
    stream.reset()


async def _leave(stream: Stream) -> bool:
    # As a load balancer without a FIX engine behind it.
    await stream.close()
    return True


def _answering(answer: AnswerFix) -> Callable[[Hooks], None]:
    def apply(hooks: Hooks) -> None:
        hooks.fix.answers.append(answer)

    return apply


def _apply_leave(hooks: Hooks) -> None:
    hooks.fix_port.secured.append(_leave)


FAULTS = (
    Fault(
        "fix-silence",
        "fix",
        "The FIX logon is read and never answered.",
        "fix-silent",
        _answering(_swallow),
    ),
    Fault(
        "fix-hang-up",
        "fix",
        "The FIX logon is answered with the end of the connection.",
        "fix-closed",
        _answering(_hang_up),
    ),
    Fault(
        "fix-reset",
        "fix",
        "The FIX logon is answered with a reset of the connection.",
        "fix-closed",
        _answering(_reset),
    ),
    Fault(
        "fix-no-engine",
        "fix",
        "The FIX port shakes hands over TLS and closes before it reads a byte.",
        "fix-closed",
        _apply_leave,
    ),
)
