"""A certificate of the chain has not begun."""

from collections.abc import Callable
from datetime import timedelta

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer


def _begins_in(days: float) -> Form:
    starts = timedelta(days=days)
    return Form(starts=starts, ends=starts + timedelta(days=90))


def _leaf_begins_in(days: float) -> Callable[[Hooks], None]:
    def chain(authority: Authority) -> Chain:
        return Issuer.of(authority.root).chain(_begins_in(days), sent=0)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _intermediate_begins_later(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        root = Issuer.of(authority.root)
        form = _begins_in(3)
        return root.appoint("Early Issuing CA", "Embedded exchange", form).chain()

    hooks.web.chain = chain


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "tls-certificate-not-yet-valid", apply)


FAULTS = (
    _fault("tls-not-yet-valid", "The certificate begins tomorrow.", _leaf_begins_in(1)),
    _fault(
        "tls-not-yet-valid-years",
        "The certificate begins in two years.",
        _leaf_begins_in(2 * 365),
    ),
    _fault(
        "tls-not-yet-valid-intermediate",
        "The server's own certificate is in time, its issuer's begins in three days.",
        _intermediate_begins_later,
    ),
)
