"""The key is not known here; the other environment tells why."""

from kalshi_preflight.exchange.faults import key_unknown
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream


def _known_there(hooks: Hooks) -> None:
    key_unknown.FAULT.apply(hooks)
    hooks.sibling.knows_keys = True


async def _reset(stream: Stream) -> bool:
    stream.reset()
    return True


def _unreachable_there(hooks: Hooks) -> None:
    key_unknown.FAULT.apply(hooks)
    hooks.sibling.web.accepted.append(_reset)


FAULTS = (
    Fault(
        "key-of-other-environment",
        "auth",
        "The key id is unknown here, and the other environment accepts it.",
        "auth-key-of-other-environment",
        _known_there,
    ),
    Fault(
        "key-unknown-other-down",
        "auth",
        "The key id is unknown here, and the other environment cannot be asked.",
        "auth-key-unknown",
        _unreachable_there,
    ),
)
