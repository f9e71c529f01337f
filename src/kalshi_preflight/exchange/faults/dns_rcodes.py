"""The resolver answers with an error, for the exchange's name or for every name."""

import dns.edns
import dns.message
import dns.rcode

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import AnswerDns, Hooks
from kalshi_preflight.exchange.ledger import Question


def is_control(question: Question) -> bool:
    """Whether the question is for a control name, or for one that cannot exist."""
    return question.name.startswith("control.") or question.name.endswith(".invalid")


def failing(
    rcode: dns.rcode.Rcode, *, ede: int | None = None, text: str = "", all_names: bool
) -> AnswerDns:
    """An answer without records; ``ede`` explains it (RFC 8914) if EDNS is spoken."""

    async def answer(
        question: Question, reply: dns.message.Message
    ) -> dns.message.Message:
        if is_control(question) and not all_names:
            return reply
        reply.answer.clear()
        reply.set_rcode(rcode)
        if ede is not None and question.extended:
            option = dns.edns.EDEOption(dns.edns.EDECode(ede), text or None)
            reply.use_edns(0, options=[option])
        return reply

    return answer


def _fault(  # the sentence tells the rest
    name: str, sentence: str, cause: str, answer: AnswerDns, *, everywhere: bool = False
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.dns.answers.append(answer)
        if everywhere:
            hooks.control_dns.answers.append(answer)

    return Fault(name, "dns", sentence, cause, apply)


_FAILED = dns.rcode.SERVFAIL
_DENIED = dns.rcode.NXDOMAIN
_REFUSED = dns.rcode.REFUSED

FAULTS = (
    _fault(
        "dns-servfail",
        "The resolver says SERVFAIL to everything; a second one answers.",
        "dns-server-failure",
        failing(_FAILED, all_names=True),
    ),
    _fault(
        "dns-servfail-name",
        "Every resolver says SERVFAIL for the exchange's name alone.",
        "dns-server-failure",
        failing(_FAILED, ede=22, text="no reachable authority", all_names=False),
        everywhere=True,
    ),
    _fault(
        "dns-formerr",
        "The resolver says FORMERR, with EDNS and without.",
        "dns-server-failure",
        failing(dns.rcode.FORMERR, all_names=True),
    ),
    _fault(
        "dns-notimp",
        "The resolver says NOTIMP, with EDNS and without.",
        "dns-server-failure",
        failing(dns.rcode.NOTIMP, all_names=True),
    ),
    _fault(
        "dns-refused",
        "The resolver says REFUSED to everything, as to clients of another network.",
        "dns-refused",
        failing(_REFUSED, all_names=True),
    ),
    _fault(
        "dns-refused-name",
        "The resolver says REFUSED for this name alone; a second one answers.",
        "dns-blocked-here",
        failing(_REFUSED, all_names=False),
    ),
    _fault(
        "dns-rate-limited",
        "The resolver says REFUSED because it was asked too often (EDE 31).",
        "dns-server-failure",
        failing(_REFUSED, ede=31, text="rate limited", all_names=True),
    ),
    _fault(
        "dns-nxdomain-here",
        "The resolver denies the name without a word, and a second one knows it.",
        "dns-blocked-here",
        failing(_DENIED, all_names=False),
    ),
    _fault(
        "dns-nodata",
        "The name exists and has neither A nor AAAA, at every resolver.",
        "dns-no-address",
        failing(dns.rcode.NOERROR, all_names=False),
        everywhere=True,
    ),
    *(
        _fault(
            f"dns-{word}",
            f"The resolver denies the name and says why: EDE {code} ({word}).",
            "dns-blocked-here",
            failing(_DENIED, ede=code, text=f"{word} by policy", all_names=False),
            everywhere=True,
        )
        for code, word in (
            (15, "blocked"),
            (16, "censored"),
            (17, "filtered"),
            (18, "prohibited"),
        )
    ),
)
