"""Something else than a FIX acceptor behind the FIX port, above TLS."""

from collections.abc import Awaitable, Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n"
    b"\r\nBad Request"
)
#: A sound message of the version before FIXT.
OLD_VERSION = (
    b"8=FIX.4.4\x019=57\x0135=5\x0134=1\x0149=Kalshi\x0156=x\x01"
    b"52=20261121-12:00:00.000\x0158=no\x0110=000\x01"
)
HUGE = b"8=FIXT.1.1\x019=99999999\x0135=A\x01"
LIES_ABOUT_LENGTH = b"8=FIXT.1.1\x019=12\x0135=A\x0149=Kalshi\x0110=000\x01" * 2


def _saying(data: bytes) -> Callable[[Stream], Awaitable[bool]]:
    async def say(stream: Stream) -> bool:
        if await stream.receive():
            await stream.send(data)
            await stream.close()
        return True

    return say


async def _echo(stream: Stream) -> bool:
    while data := await stream.receive():
        await stream.send(data)
    return True


def _being(stranger: Callable[[Stream], Awaitable[bool]]) -> Callable[[Hooks], None]:
    def apply(hooks: Hooks) -> None:
        hooks.fix_port.secured.append(stranger)

    return apply


def _fault(
    name: str, what: str, stranger: Callable[[Stream], Awaitable[bool]]
) -> Fault:
    return Fault(
        name, "fix", f"Behind the FIX port is {what}.", "fix-garbled", _being(stranger)
    )


FAULTS = (
    _fault("fix-http-service", "an HTTP service", _saying(HTTP)),
    _fault("fix-echo", "a service that repeats what it is sent", _echo),
    _fault("fix-old-version", "an engine of FIX 4.4", _saying(OLD_VERSION)),
    _fault(
        "fix-wrong-length",
        "an engine whose BodyLength is wrong",
        _saying(LIES_ABOUT_LENGTH),
    ),
    _fault("fix-huge-message", "an engine that announces 100 MB", _saying(HUGE)),
)
