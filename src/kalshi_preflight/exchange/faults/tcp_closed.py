"""The connection is closed as soon as it stands, whatever the client wants to say."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream


async def _hang_up(stream: Stream) -> bool:
    stream.abandon()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.web.accepted.append(_hang_up)


FAULT = Fault(
    "tcp-closed",
    "tcp",
    "The connection is accepted and closed at once, with the ClientHello unread.",
    "tcp-reset",
    _apply,
)
