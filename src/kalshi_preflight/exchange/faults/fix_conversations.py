"""A FIX session that is accepted and then goes wrong."""

import time
from collections.abc import Awaitable, Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.faults.fix_refusals import SENDER, client_of
from kalshi_preflight.exchange.fix_codec import Writer
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

#: Does something instead of answering a TestRequest; the connection then ends.
Instead = Callable[[Stream, Writer], Awaitable[None]]


async def _other_heartbeat(stream: Stream, writer: Writer) -> None:
    # Alive, but not in answer to us: a Heartbeat without our TestReqID proves nothing.
    await stream.send(writer.message("0", time.time()))
    await stream.drain()


async def _maintenance(stream: Stream, writer: Writer) -> None:
    logout = writer.message("5", time.time(), (58, "Scheduled maintenance"))
    await stream.send(logout)


async def _not_authorized(stream: Stream, writer: Writer) -> None:
    fields = ((45, 2), (58, "Not authorized"), (372, "1"), (380, 6))
    await stream.send(writer.message("j", time.time(), *fields))


async def _reset(stream: Stream, writer: Writer) -> None:
    stream.reset()


async def _bad_sum(stream: Stream, writer: Writer) -> None:
    sound = writer.message("0", time.time(), (112, "x"))
    other = (int(sound[-4:-1]) + 1) % 256
    await stream.send(sound[:-4] + b"%03d\x01" % other)


async def _garbage(stream: Stream, writer: Writer) -> None:
    await stream.send(b"\x00\xff<html>\x1b[2J8=FIXT.1.1\x01")


def _doing(instead: Instead) -> Callable[[Hooks], None]:
    async def answer(
        stream: Stream, kind: str, healthy: list[bytes]
    ) -> list[bytes] | None:
        if kind != "1":
            return healthy
        await instead(stream, Writer(SENDER, client_of(healthy)))
        return None

    def apply(hooks: Hooks) -> None:
        hooks.fix.answers.append(answer)

    return apply


def _fault(name: str, does: str, cause: str, instead: Instead) -> Fault:
    sentence = f"The FIX logon is accepted; our TestRequest {does}."
    return Fault(name, "fix", sentence, cause, _doing(instead))


FAULTS = (
    _fault(
        "fix-other-heartbeat",
        "is answered with a Heartbeat of its own, then with silence",
        "fix-no-heartbeat",
        _other_heartbeat,
    ),
    _fault(
        "fix-maintenance",
        "meets a Logout 'Scheduled maintenance'",
        "fix-closed",
        _maintenance,
    ),
    _fault(
        "fix-not-authorized",
        "is answered with BusinessMessageReject 'Not authorized'",
        "fix-logon-refused",
        _not_authorized,
    ),
    _fault("fix-session-reset", "meets a reset", "fix-closed", _reset),
    _fault(
        "fix-wrong-sum",
        "is answered with a Heartbeat whose CheckSum is wrong",
        "fix-garbled",
        _bad_sum,
    ),
    _fault("fix-garbage", "is answered with garbage", "fix-garbled", _garbage),
)
