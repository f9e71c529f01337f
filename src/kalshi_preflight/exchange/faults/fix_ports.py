"""The FIX port itself is shut, filtered, plain or untrusted; the web's is not."""

import trustme

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, Opening
from kalshi_preflight.exchange.wire import Stream


def _refused(hooks: Hooks) -> None:
    hooks.fix_port.opening = Opening.REFUSE


def _filtered(hooks: Hooks) -> None:
    hooks.fix_port.opening = Opening.BLACK_HOLE


async def _wait_for_soh(stream: Stream, _: bytes) -> bool:
    # A FIX engine without TLS takes a ClientHello for the beginning of a message.
    await stream.drain()
    return True


def _plain(hooks: Hooks) -> None:
    hooks.fix_port.hellos.append(_wait_for_soh)


def _foreign(authority: Authority) -> Chain:
    stranger = trustme.CA(organization_name="Unheard-of Authority")
    return authority.leaf(issuer=stranger, with_root=True)


def _untrusted(hooks: Hooks) -> None:
    hooks.fix_port.chain = _foreign


FAULTS = (
    Fault("fix-refused", "tcp", "The FIX port is closed.", "tcp-refused", _refused),
    Fault(
        "fix-filtered",
        "tcp",
        "No SYN to the FIX port is ever answered, while the web's port is open.",
        "tcp-timeout",
        _filtered,
    ),
    Fault(
        "fix-plain",
        "tls",
        "The FIX port speaks FIX without TLS: a ClientHello is never answered.",
        "tls-stalled",
        _plain,
    ),
    Fault(
        "fix-untrusted",
        "tls",
        "The FIX port's chain ends in a root that nobody knows.",
        "tls-unknown-issuer",
        _untrusted,
    ),
)
