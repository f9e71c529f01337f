"""The certificate belongs to other names."""

from collections.abc import Callable

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer

NAMES = ("www.example.test", "*.example.test")


def _shows(*names: str, common_name: str) -> Callable[[Hooks], None]:
    def chain(authority: Authority) -> Chain:
        issuer = Issuer.of(authority.root)
        return issuer.chain(Form(names=names), common_name, sent=0)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "tls-hostname-mismatch", apply)


FAULTS = (
    _fault(
        "tls-wrong-host",
        "A trusted certificate is shown, for www.example.test.",
        _shows(*NAMES, common_name=NAMES[0]),
    ),
    _fault(
        "tls-wrong-host-wildcard",
        "A trusted certificate is shown whose star stands for one label too many.",
        _shows("*.localhost", "*.kalshi.test", common_name="*.localhost"),
    ),
    _fault(
        "tls-wrong-host-other-tenant",
        "A shared front that does not know the name shows its default certificate.",
        _shows("ingress.local", common_name="TRAEFIK DEFAULT CERT"),
    ),
    _fault(
        "tls-wrong-host-common-name",
        "The certificate gives the right name, but only as its common name.",
        _shows(common_name="localhost"),
    ),
    _fault(
        "tls-wrong-host-address",
        "The certificate is for the address, and not for the name.",
        _shows("127.0.0.1", common_name="127.0.0.1"),
    ),
)
