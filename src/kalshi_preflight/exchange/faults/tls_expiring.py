"""A certificate of the chain ends soon: a warning, no breakage."""

from collections.abc import Callable
from datetime import timedelta

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer


def _leaf_ends_in(left: timedelta) -> Callable[[Hooks], None]:
    def chain(authority: Authority) -> Chain:
        return Issuer.of(authority.root).chain(Form(ends=left), sent=0)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _intermediate_ends_soon(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        root = Issuer.of(authority.root)
        form = Form(ends=timedelta(days=5))
        return root.appoint("Tired Issuing CA", "Embedded exchange", form).chain()

    hooks.web.chain = chain


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "tls-certificate-expiring", apply)


FAULTS = (
    _fault(
        "tls-expiring",
        "The certificate ends in less than 14 days.",
        _leaf_ends_in(timedelta(days=13, hours=12)),
    ),
    _fault(
        "tls-expiring-days",
        "The certificate ends in three days.",
        _leaf_ends_in(timedelta(days=3, hours=1)),
    ),
    _fault(
        "tls-expiring-today",
        "The certificate ends in five hours.",
        _leaf_ends_in(timedelta(hours=5, minutes=30)),
    ),
    _fault(
        "tls-expiring-intermediate",
        "The server's own certificate lasts, its issuer's ends in five days.",
        _intermediate_ends_soon,
    ),
)
