"""The connection ends inside the body, without TLS saying that it ends."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.wire import Stream

_MISSING_BYTES = 10


async def _cut_short(
    stream: Stream, request: Request, _: Response, data: bytes
) -> bool:
    if not request.path.endswith("/exchange/status"):
        return False
    await stream.send(data[:-_MISSING_BYTES])
    stream.abandon()  # FIN, and no close_notify (RFC 8446 §6.1)
    return True


def _apply(hooks: Hooks) -> None:
    hooks.http.sends.append(_cut_short)


FAULT = Fault(
    "tls-truncated-close",
    "http",
    "The status is cut short by ten bytes, and TLS does not say that it ends.",
    "http-truncated",
    _apply,
)
