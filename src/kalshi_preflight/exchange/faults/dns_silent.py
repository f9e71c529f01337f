"""The resolver does not answer."""

import dns.message

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import Question


async def _keep_silent(_: Question, __: dns.message.Message) -> None:
    return None


def _apply(hooks: Hooks) -> None:
    hooks.dns.answers.append(_keep_silent)


FAULT = Fault(
    "dns-silent",
    "dns",
    "The resolver takes questions and never answers; a second resolver does.",
    "dns-resolver-silent",
    _apply,
)
