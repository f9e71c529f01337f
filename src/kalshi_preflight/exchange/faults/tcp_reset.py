"""The connection is reset as soon as it stands."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream


async def _reset(stream: Stream) -> bool:
    stream.reset()
    return True


def _apply(hooks: Hooks) -> None:
    hooks.web.accepted.append(_reset)


FAULT = Fault(
    "tcp-reset",
    "tcp",
    "The connection is accepted and reset before any byte, as by a load balancer "
    "without a backend.",
    "tcp-reset",
    _apply,
)
