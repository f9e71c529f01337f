"""The resolver answers late, or only half of what it is asked."""

import asyncio

import dns.message

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import Question

LATE_SECONDS = 1.2


async def _late(_: Question, reply: dns.message.Message) -> dns.message.Message:
    await asyncio.sleep(LATE_SECONDS)
    return reply


async def _half(
    question: Question, reply: dns.message.Message
) -> dns.message.Message | None:
    return None if question.record_type == "AAAA" else reply


def _apply_late(hooks: Hooks) -> None:
    hooks.dns.answers.append(_late)


def _apply_half(hooks: Hooks) -> None:
    hooks.dns.answers.append(_half)


FAULTS = (
    Fault(
        "dns-slow",
        "dns",
        f"The resolver takes {LATE_SECONDS} s to answer.",
        "dns-slow",
        _apply_late,
    ),
    Fault(
        "dns-aaaa-dropped",
        "dns",
        "A is answered at once, AAAA never.",
        "dns-slow",
        _apply_half,
    ),
)
