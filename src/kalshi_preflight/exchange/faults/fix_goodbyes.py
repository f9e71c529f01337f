"""A FIX session that is sound until our Logout, which is not answered."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream


async def _ignore(
    stream: Stream, kind: str, healthy: list[bytes]
) -> list[bytes] | None:
    if kind != "5":
        return healthy
    await stream.drain()
    return None


async def _hang_up(
    stream: Stream, kind: str, healthy: list[bytes]
) -> list[bytes] | None:
    return None if kind == "5" else healthy


def _apply_ignore(hooks: Hooks) -> None:
    hooks.fix.answers.append(_ignore)


def _apply_hang_up(hooks: Hooks) -> None:
    hooks.fix.answers.append(_hang_up)


FAULTS = (
    Fault(
        "fix-logout-ignored",
        "fix",
        "The FIX session is sound, but our Logout is never answered (a warning).",
        "fix-silent",
        _apply_ignore,
    ),
    Fault(
        "fix-logout-cut",
        "fix",
        "The FIX session is sound, but our Logout is answered with the end of the"
        " connection (a warning).",
        "fix-closed",
        _apply_hang_up,
    ),
)
