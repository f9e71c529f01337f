"""One name of the exchange is dead, another one is alive."""

import dns.message
import dns.rcode

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import Question

ALTERNATE = "api.kalshi.test"


async def _deny(question: Question, reply: dns.message.Message) -> dns.message.Message:
    if question.name == "localhost":
        reply.answer.clear()
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply


def _apply(hooks: Hooks) -> None:
    hooks.alternate = ALTERNATE
    for server in (hooks.dns, hooks.control_dns):
        server.answers.append(_deny)


FAULT = Fault(
    "host-dead",
    "dns",
    f"The exchange's name does not exist any more, and {ALTERNATE} works.",
    "dns-name-not-found",
    _apply,
    ("host-alternate-better",),
)
