"""The peer speaks something else where TLS is expected."""

from collections.abc import Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\n\r\n"
    b"400 Bad Request: client sent a TLS request to a plain HTTP port"
)
#: What other services say, by their names.
ANSWERS: dict[str, tuple[str, bytes]] = {
    "tls-plaintext": ("plain HTTP", ANSWER),
    "tls-plaintext-portal": (
        "a redirection to a log-in page",
        b"HTTP/1.1 302 Found\r\nLocation: http://login.portal.test/\r\n\r\n",
    ),
    "tls-plaintext-html": (
        "a page without any header",
        b"<html><head><title>Sign in</title></head></html>",
    ),
    "tls-plaintext-redis": ("an error of Redis", b"-ERR unknown command\r\n"),
    "tls-plaintext-json": ("JSON", b'{"error":"not a request"}\n'),
    "tls-plaintext-one-byte": ("one byte", b"x"),
    "tls-plaintext-zeros": ("zeros", bytes(64)),
    "tls-plaintext-noise": ("noise", bytes(range(200, 255))),
}
#: What services say before they are spoken to.
BANNERS: dict[str, tuple[str, bytes]] = {
    "tls-plaintext-ssh": ("SSH", b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "tls-plaintext-smtp": ("SMTP", b"220 mail.example.test ESMTP\r\n"),
}


def _answers(data: bytes) -> Callable[[Hooks], None]:
    async def answer(stream: Stream, _: bytes) -> bool:
        await stream.send_raw(data)
        await stream.close()
        return True

    def apply(hooks: Hooks) -> None:
        hooks.web.hellos.append(answer)

    return apply


def _greets(data: bytes) -> Callable[[Hooks], None]:
    async def greet(stream: Stream) -> bool:
        await stream.send_raw(data)
        await stream.drain()
        return True

    def apply(hooks: Hooks) -> None:
        hooks.web.accepted.append(greet)

    return apply


FAULTS = (
    *(
        Fault(
            name,
            "tls",
            f"The ClientHello is answered with {what}.",
            "tls-plaintext",
            _answers(data),
        )
        for name, (what, data) in ANSWERS.items()
    ),
    *(
        Fault(
            name,
            "tls",
            f"A server for {what} greets whoever connects.",
            "tls-plaintext",
            _greets(data),
        )
        for name, (what, data) in BANNERS.items()
    ),
)
