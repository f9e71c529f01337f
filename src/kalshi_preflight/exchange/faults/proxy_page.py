"""The proxy promises a tunnel and shows a page."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request, as_html
from kalshi_preflight.exchange.proxy import written
from kalshi_preflight.exchange.wire import Stream


async def _show(stream: Stream, _: Request) -> bool:
    await stream.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await stream.receive()
    await stream.send(written(as_html("<html>Blocked by the office.</html>", 403)))
    await stream.close()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.proxy.url = "http://127.0.0.1:{port}"
    hooks.proxy.answers.append(_show)


FAULT = Fault(
    "proxy-page",
    "tls",
    "The proxy says 200 to CONNECT and answers the ClientHello with a page.",
    "tls-plaintext",
    _apply,
)
