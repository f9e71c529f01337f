"""The key id is not registered."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.authentication import Verdict
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request

NOTICED_FIRST = (refusals.NO_CREDENTIALS, refusals.SIGNATURE_MISSING)


def _judge(_: Request, verdict: Verdict) -> Verdict:
    # Missing headers are noticed first, as with every key.
    if verdict.refusal in NOTICED_FIRST:
        return verdict
    return Verdict(refusal=refusals.KEY_UNKNOWN)


def _apply(hooks: Hooks) -> None:
    hooks.authentication.verdicts.append(_judge)


FAULT = Fault(
    "key-unknown",
    "auth",
    "The exchange does not know the key id: deleted or mistyped.",
    "auth-key-unknown",
    _apply,
)
