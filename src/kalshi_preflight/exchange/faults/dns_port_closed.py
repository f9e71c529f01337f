"""Nothing listens on the resolver's port."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _apply(hooks: Hooks) -> None:
    hooks.dns.closed = True


FAULT = Fault(
    "dns-port-closed",
    "dns",
    "The resolver's port is closed: questions come back as ICMP port unreachable.",
    "dns-resolver-silent",
    _apply,
)
