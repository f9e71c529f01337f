"""Boxes on the way drop headers, or answer without looking at the signature."""

from dataclasses import replace

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.authentication import ApiKey, Verdict
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import is_balance
from kalshi_preflight.exchange.message import Request

_PREFIX = "KALSHI-ACCESS-"


def _dropping(name: str, sentence: str, *headers: str) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.requests.append(
            lambda r: r.without(*(f"{_PREFIX}{header}" for header in headers))
        )

    return Fault(name, "auth", sentence, "auth-headers-dropped", apply)


def _wave_through(hooks: Hooks) -> None:
    known: list[ApiKey] = []

    def judge(request: Request, verdict: Verdict) -> Verdict:
        if verdict.key is not None:
            known.append(verdict.key)
        if verdict.refusal is refusals.SIGNATURE_WRONG and is_balance(request):
            # Whose key it is was seen with the good signature, which comes first.
            return replace(verdict, key=known[-1], refusal=None)
        return verdict

    hooks.authentication.verdicts.append(judge)


FAULTS = (
    _dropping("proxy-drops-signature", "A box drops one header.", "SIGNATURE"),
    _dropping("proxy-drops-key", "A box drops the key id's header.", "KEY"),
    _dropping(
        "proxy-drops-all",
        "A box drops all headers that it does not know.",
        "KEY",
        "SIGNATURE",
        "TIMESTAMP",
    ),
    Fault(
        "auth-not-enforced",
        "auth",
        "A damaged signature is as good as a whole one.",
        "auth-not-enforced",
        _wave_through,
    ),
)
