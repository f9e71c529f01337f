"""Answers that are spoiled on the wire: malformed, foreign, endless, too long."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import AnswerDns, Hooks
from kalshi_preflight.exchange.ledger import Question

TTL_SECONDS = 5
GONE = "d1234.cloudfront.invalid."


async def _noise(_: Question, reply: dns.message.Message) -> bytes:
    # The id is right, so that it is taken for the answer; the rest points nowhere.
    return reply.to_wire()[:2] + b"\x81\x80" + b"\xff" * 40


async def _half(_: Question, reply: dns.message.Message) -> bytes:
    wire = reply.to_wire()
    return wire[: len(wire) // 2]


async def _other_id(_: Question, reply: dns.message.Message) -> dns.message.Message:
    reply.id ^= 1
    return reply


async def _other_question(
    question: Question, _: dns.message.Message
) -> dns.message.Message:
    query = dns.message.make_query("other.kalshi.test", question.record_type)
    return dns.message.make_response(query)


async def _other_owner(
    question: Question, reply: dns.message.Message
) -> dns.message.Message:
    reply.answer.clear()
    if question.record_type == "A":
        other = dns.name.from_text("other.kalshi.test.")
        reply.answer.append(
            dns.rrset.from_text(other, TTL_SECONDS, "IN", "A", "127.0.0.1")
        )
    return reply


async def _loop(question: Question, reply: dns.message.Message) -> dns.message.Message:
    asked = reply.question[0].name
    other = dns.name.from_text("loop.kalshi.test.")
    reply.answer[:] = [
        dns.rrset.from_text(asked, TTL_SECONDS, "IN", "CNAME", other.to_text()),
        dns.rrset.from_text(other, TTL_SECONDS, "IN", "CNAME", asked.to_text()),
    ]
    reply.set_rcode(dns.rcode.NOERROR)
    return reply


async def _dangling(
    question: Question, reply: dns.message.Message
) -> dns.message.Message:
    if question.name.startswith("control."):
        return reply
    asked = reply.question[0].name
    reply.answer[:] = [dns.rrset.from_text(asked, TTL_SECONDS, "IN", "CNAME", GONE)]
    reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply


async def _truncated(
    question: Question, reply: dns.message.Message
) -> dns.message.Message | None:
    if question.transport == "tcp":
        return None  # where TCP is open at all
    reply.answer.clear()
    reply.flags |= dns.flags.TC
    return reply


def _fault(
    name: str,
    sentence: str,
    answer: AnswerDns,
    cause: str = "dns-server-failure",
    *,
    everywhere: bool = False,
    tcp_closed: bool = False,
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.dns.answers.append(answer)
        hooks.dns.tcp_closed = tcp_closed
        if everywhere:
            hooks.control_dns.answers.append(answer)

    return Fault(name, "dns", sentence, cause, apply)


FAULTS = (
    _fault("dns-garbage", "The answer has our id and is not DNS.", _noise),
    _fault("dns-cut", "The answer ends in its middle.", _half),
    _fault(
        "dns-wrong-id", "The answers have another id than the questions.", _other_id
    ),
    _fault(
        "dns-wrong-question", "The answers are for another question.", _other_question
    ),
    _fault("dns-wrong-owner", "The records belong to another name.", _other_owner),
    _fault("dns-cname-loop", "Two names are aliases of each other.", _loop),
    _fault(
        "dns-cname-dangling",
        f"The name points to {GONE}, which does not exist.",
        _dangling,
        "dns-name-not-found",
        everywhere=True,
    ),
    _fault(
        "dns-truncated-tcp-closed",
        "The answer is truncated, and the resolver's TCP port is closed.",
        _truncated,
        tcp_closed=True,
    ),
    _fault(
        "dns-truncated-tcp-silent",
        "The answer is truncated, and over TCP none comes.",
        _truncated,
    ),
)
