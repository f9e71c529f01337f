"""The chain is complete, and its root is in no store."""

from collections.abc import Callable

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Issuer


def _foreign(*, sent: int) -> Callable[[Hooks], None]:
    def chain(_: Authority) -> Chain:
        root = Issuer.root("Unheard-of Root", "Unheard-of Authority")
        issuing = root.appoint("Unheard-of Issuing CA", "Unheard-of Authority")
        return issuing.chain(sent=sent)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


FAULTS = (
    Fault(
        "tls-unknown-ca",
        "tls",
        "The chain ends in a root that nobody knows; the root is sent along.",
        "tls-unknown-issuer",
        _foreign(sent=2),
    ),
    Fault(
        "tls-unknown-ca-root-not-sent",
        "tls",
        "The chain ends below a root that nobody knows and that is not sent.",
        "tls-unknown-issuer",
        _foreign(sent=1),
    ),
)
