"""Somebody acts on the server name in the ClientHello."""

import ssl
from collections.abc import Awaitable, Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.faults.tls_alert import alert
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

FILTERED = "localhost"
_INTERNAL_ERROR = 80


async def _reset(stream: Stream) -> None:
    stream.reset()


async def _break(stream: Stream) -> None:
    await stream.send_raw(alert(_INTERNAL_ERROR))
    await stream.close()


def _filters(act: Callable[[Stream], Awaitable[None]]) -> Callable[[Hooks], None]:
    async def inspect(stream: Stream, hello: bytes) -> bool:
        # The name stands in the clear (RFC 6066 §3), one extension long.
        if FILTERED.encode() not in hello:
            return False
        await act(stream)
        return True

    def apply(hooks: Hooks) -> None:
        hooks.web.hellos.append(inspect)

    return apply


def _refuse_name(
    connection: ssl.SSLObject, server_name: str | None, context: ssl.SSLContext
) -> int | None:
    known = server_name is not None and server_name != FILTERED
    return None if known else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


def _knows_no_such_name(hooks: Hooks) -> None:
    def adjust(context: ssl.SSLContext) -> None:
        context.sni_callback = _refuse_name

    hooks.web.contexts.append(adjust)


FAULTS = (
    Fault(
        "tls-name-filter-reset",
        "tls",
        "A filter resets whatever asks for this name; other names pass.",
        "tls-reset",
        _filters(_reset),
    ),
    Fault(
        "tls-name-filter-closed",
        "tls",
        "A filter hangs up on whatever asks for this name; other names pass.",
        "tls-closed",
        _filters(Stream.close),
    ),
    Fault(
        "tls-name-filter-silent",
        "tls",
        "A filter swallows whatever asks for this name; other names pass.",
        "tls-stalled",
        _filters(Stream.drain),
    ),
    Fault(
        "tls-name-internal-error",
        "tls",
        "A front breaks on a name that it has no certificate for.",
        "tls-name-not-recognised",
        _filters(_break),
    ),
    Fault(
        "tls-name-not-recognised",
        "tls",
        "The server does not serve this name, and says so.",
        "tls-name-not-recognised",
        _knows_no_such_name,
    ),
)
