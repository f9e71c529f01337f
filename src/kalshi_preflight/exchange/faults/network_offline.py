"""Nothing answers any more: no resolver, no exchange, no control host."""

import dns.message

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, Opening
from kalshi_preflight.exchange.ledger import Question


async def _keep_silent(_: Question, __: dns.message.Message) -> None:
    return None


def _apply(hooks: Hooks) -> None:
    for server in (hooks.dns, hooks.control_dns):
        server.answers.append(_keep_silent)
    for port in (hooks.web, hooks.fix_port, hooks.control):
        port.opening = Opening.BLACK_HOLE


FAULT = Fault(
    "network-offline",
    "dns",
    "No resolver answers and no host can be reached, the controls included.",
    "network-offline",
    _apply,
)
