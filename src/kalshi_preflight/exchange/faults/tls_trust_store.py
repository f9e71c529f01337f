"""The list of roots that clients are given is of no use."""

from collections.abc import Callable
from datetime import timedelta

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer, chain_of

_DAMAGED = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def _holds(content: bytes) -> Callable[[Hooks], None]:
    def chain(authority: Authority) -> Chain:
        healthy = authority.leaf()
        authority.file.write_bytes(content)
        return healthy

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _root_has_ended(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        ended = Form(starts=timedelta(days=-4000), ends=timedelta(days=-20))
        root = Issuer.root("Embedded Old Root", "Embedded exchange", ended)
        (pem,) = chain_of(root.key, root.certificate).certificates
        authority.file.write_bytes(pem)
        return root.chain(sent=0)

    hooks.web.chain = chain


def _fault(
    name: str,
    sentence: str,
    apply: Callable[[Hooks], None],
    also: tuple[str, ...] = (),
) -> Fault:
    return Fault(name, "tls", sentence, "tls-trust-store-missing", apply, also)


FAULTS = (
    _fault(
        "tls-trust-store-empty",
        "The file of trusted roots that clients are given is empty.",
        _holds(b""),
    ),
    _fault(
        "tls-trust-store-damaged",
        "The file of trusted roots that clients are given is damaged.",
        _holds(_DAMAGED),
    ),
    _fault(
        "tls-root-expired",
        "The trusted root itself expired three weeks ago.",
        _root_has_ended,
        # The FIX port's chain ends in the root that was thrown out.
        also=("tls-intercepted",),
    ),
)
