"""The key id belongs to another key pair."""

from dataclasses import replace

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.authentication import Verdict
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request


def _judge(_: Request, verdict: Verdict) -> Verdict:
    if verdict.key is None:
        return verdict
    return replace(verdict, key=None, refusal=refusals.SIGNATURE_WRONG)


def _apply(hooks: Hooks) -> None:
    hooks.authentication.verdicts.append(_judge)


FAULT = Fault(
    "signature-rejected",
    "auth",
    "The key id is known and no signature fits it: the key file is another key's.",
    "auth-signature-rejected",
    _apply,
)
