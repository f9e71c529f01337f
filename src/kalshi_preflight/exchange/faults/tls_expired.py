"""A certificate of the chain is past its dates."""

from collections.abc import Callable
from datetime import timedelta

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer


def _ended(days: float) -> Form:
    ends = timedelta(days=-days)
    return Form(starts=ends - timedelta(days=90), ends=ends)


def _of_the_leaf(days: float) -> Callable[[Hooks], None]:
    def chain(authority: Authority) -> Chain:
        return Issuer.of(authority.root).chain(_ended(days), sent=0)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _of_the_intermediate(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        root = Issuer.of(authority.root)
        return root.appoint("Ended Issuing CA", "Embedded exchange", _ended(7)).chain()

    hooks.web.chain = chain


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "tls-certificate-expired", apply)


FAULTS = (
    _fault("tls-expired", "The certificate expired two days ago.", _of_the_leaf(2)),
    _fault(
        "tls-expired-today",
        "The certificate expired an hour ago.",
        _of_the_leaf(1 / 24),
    ),
    _fault(
        "tls-expired-years",
        "The certificate expired four years ago.",
        _of_the_leaf(4 * 365),
    ),
    _fault(
        "tls-expired-intermediate",
        "The server's own certificate is in time, its issuer's expired a week ago.",
        _of_the_intermediate,
    ),
)
