"""The peer speaks HTTP where TLS is expected."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\n\r\n"
    b"400 Bad Request: client sent a TLS request to a plain HTTP port"
)


async def _answer_in_clear(stream: Stream, _: bytes) -> bool:
    await stream.send_raw(ANSWER)
    await stream.close()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.web.hellos.append(_answer_in_clear)


FAULT = Fault(
    "tls-plaintext",
    "tls",
    "The ClientHello is answered with plain HTTP.",
    "tls-plaintext",
    _apply,
)
