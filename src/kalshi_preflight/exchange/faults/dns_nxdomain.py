"""The name does not exist."""

import dns.message
import dns.rcode

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import Question


async def _deny(question: Question, reply: dns.message.Message) -> dns.message.Message:
    # Control names still resolve, or the whole network would seem to be down.
    if not question.name.startswith("control."):
        reply.answer.clear()
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply


def _apply(hooks: Hooks) -> None:
    # A second resolver denies the name too, or the first would seem to be blocking it.
    for server in (hooks.dns, hooks.control_dns):
        server.answers.append(_deny)


FAULT = Fault(
    "dns-nxdomain",
    "dns",
    "Every resolver says that the exchange's name does not exist.",
    "dns-name-not-found",
    _apply,
)
