"""What boxes on the way and failing servers do to requests and answers: ready hooks.

Faults put these into the hooks of an exchange; each hook concerns some requests and
leaves all others alone.
"""

import asyncio
from collections.abc import Callable, Iterable
from enum import Enum

from kalshi_preflight.exchange.hooks import AnswerHttp, SendHttp
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.state import REST_PATH, WEBSOCKET_PATH
from kalshi_preflight.exchange.wire import Stream

Concerns = Callable[[Request], bool]
#: From the bytes of the healthy answer to those that are sent, all at once or in parts.
Change = Callable[[bytes], bytes | Iterable[bytes]]


class Then(Enum):
    """What becomes of a connection after a hook has written to it."""

    CLOSE = "closed politely"
    CUT = "closed without a word of TLS"
    RESET = "reset"
    SILENCE = "left open and silent"


def is_rest(request: Request) -> bool:
    """Whether a request is for REST."""
    return request.path.startswith(f"{REST_PATH}/")


def is_status(request: Request) -> bool:
    """Whether a request is for the public status."""
    return request.path == f"{REST_PATH}/exchange/status"


def is_balance(request: Request) -> bool:
    """Whether a request is for the balance, which wants a signature."""
    return request.path == f"{REST_PATH}/portfolio/balance"


def is_upgrade(request: Request) -> bool:
    """Whether a request is for the WebSocket."""
    return request.path == WEBSOCKET_PATH


def answering(concerns: Concerns, instead: Response) -> AnswerHttp:
    """Answer some requests with something else."""

    async def answer(request: Request, response: Response) -> Response:
        return instead if concerns(request) else response

    return answer


def marking(concerns: Concerns, *headers: tuple[str, str]) -> AnswerHttp:
    """Let the healthy answer pass with headers added or replaced."""

    async def answer(request: Request, response: Response) -> Response:
        if concerns(request):
            for name, value in headers:
                response = response.with_header(name, value)
        return response

    return answer


def sending(
    concerns: Concerns,
    change: Change,
    then: Then = Then.CLOSE,
    pause_seconds: float = 0.0,
) -> SendHttp:
    """Send other bytes than the healthy ones, then end the connection in a way.

    ``pause_seconds`` passes after each part.
    """

    async def send(stream: Stream, request: Request, _: Response, wire: bytes) -> bool:
        if not concerns(request):
            return False
        changed = change(wire)
        for part in [changed] if isinstance(changed, bytes) else changed:
            await stream.send(part)
            await asyncio.sleep(pause_seconds)
        await end(stream, then)
        return True

    return send


async def end(stream: Stream, then: Then) -> None:
    """End a connection in the way that ``then`` says."""
    if then is Then.CLOSE:
        await stream.close()
    elif then is Then.RESET:
        stream.reset()
    elif then is Then.SILENCE:
        await stream.drain()
    else:
        stream.abandon()


def head_of(wire: bytes) -> bytes:
    """The head of an answer, the empty line included."""
    return wire[: wire.index(b"\r\n\r\n") + 4]


def body_of(wire: bytes) -> bytes:
    """The body of an answer."""
    return wire[wire.index(b"\r\n\r\n") + 4 :]
