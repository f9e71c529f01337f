"""The data are there, and their signatures do not hold."""

import dns.edns
import dns.message
import dns.rcode

from kalshi_preflight.exchange.faults.dns_rcodes import is_control
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import Question


def _bogus(name: str, code: int, text: str) -> Fault:
    async def check(
        question: Question, reply: dns.message.Message
    ) -> dns.message.Message:
        # A validating resolver hands out what it has when it is told not to check.
        if question.checking_disabled or is_control(question):
            return reply
        reply.answer.clear()
        reply.set_rcode(dns.rcode.SERVFAIL)
        if question.extended:
            reply.use_edns(
                0, options=[dns.edns.EDEOption(dns.edns.EDECode(code), text)]
            )
        return reply

    def apply(hooks: Hooks) -> None:
        for server in (hooks.dns, hooks.control_dns):
            server.answers.append(check)

    sentence = f"SERVFAIL ({text}); with checking disabled the name has its address."
    return Fault(name, "dns", sentence, "dns-dnssec-bogus", apply)


FAULTS = (
    _bogus("dns-bogus", 6, "no valid signature"),
    _bogus("dns-signature-expired", 7, "signature expired"),
)
