"""The name has addresses, and they are not the exchange's."""

import dns.edns
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rrset

from kalshi_preflight.exchange.faults.dns_rcodes import is_control
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import AnswerDns, Hooks
from kalshi_preflight.exchange.ledger import Question

TTL_SECONDS = 5


def answering(
    *addresses: str, all_names: bool = False, ede: int | None = None
) -> AnswerDns:
    """Give these addresses, each under its record type, instead of the right ones."""

    async def answer(
        question: Question, reply: dns.message.Message
    ) -> dns.message.Message:
        if is_control(question) and not all_names:
            return reply
        reply.answer.clear()
        reply.set_rcode(dns.rcode.NOERROR)
        given = [a for a in addresses if (":" in a) == (question.record_type == "AAAA")]
        if given:
            name, kind = reply.question[0].name, question.record_type
            reply.answer.append(
                dns.rrset.from_text_list(name, TTL_SECONDS, "IN", kind, given)
            )
        if ede is not None and question.extended:
            reply.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode(ede), None)])
        return reply

    return answer


def _sinkhole(name: str, what: str, *addresses: str, all_names: bool = False) -> Fault:
    answer = answering(*addresses, all_names=all_names)

    def apply(hooks: Hooks) -> None:
        for server in (hooks.dns, hooks.control_dns):
            server.answers.append(answer)

    sentence = f"Every resolver answers {' and '.join(addresses)}: {what}."
    return Fault(name, "dns", sentence, "dns-sinkholed", apply)


def _here(
    name: str, sentence: str, cause: str, *addresses: str, ede: int | None = None
) -> Fault:
    answer = answering(*addresses, ede=ede)

    def apply(hooks: Hooks) -> None:
        hooks.dns.answers.append(answer)

    return Fault(name, "dns", sentence, cause, apply)


FAULTS = (
    _sinkhole("dns-sinkhole-zero", "the unspecified addresses", "0.0.0.0", "::"),  # noqa: S104  # data
    _sinkhole("dns-sinkhole-ten", "a private network", "10.77.2.2"),
    _sinkhole("dns-sinkhole-home", "a private network", "192.168.1.1"),
    _sinkhole("dns-sinkhole-office", "a private network", "172.16.4.4"),
    _sinkhole("dns-sinkhole-link-local", "link-local", "169.254.7.7", "fe80::7"),
    _sinkhole("dns-sinkhole-carrier", "a carrier's own network", "100.64.9.9"),
    _sinkhole("dns-sinkhole-documentation", "documentation", "192.0.2.10"),
    _sinkhole("dns-sinkhole-benchmark", "benchmark networks", "198.18.0.10"),
    _sinkhole("dns-sinkhole-unique-local", "private IPv6", "fd00::10"),
    _sinkhole("dns-captive", "as it does for every name", "10.77.2.2", all_names=True),
    _here(
        "dns-split-horizon",
        "The resolver gives a private address, a second one the right one.",
        "dns-blocked-here",
        "10.77.2.2",
    ),
    _here(
        "dns-forged",
        "The resolver gives a private address and says that it filters (EDE 17).",
        "dns-blocked-here",
        "10.77.2.3",
        ede=17,
    ),
    _here(
        "dns-stale",
        "The resolver serves an old private address (EDE 3), a second one the right"
        " one.",
        "dns-blocked-here",
        "10.77.2.99",
        ede=3,
    ),
    # The sandbox's name stands in the hosts file of nearly every machine, with
    # 127.0.0.1: a resolver that says otherwise makes that line an override.
    _here(
        "dns-hosts-override",
        "DNS says 127.0.0.2, and the hosts file sends the name elsewhere.",
        "dns-hosts-override",
        "127.0.0.2",
    ),
)
