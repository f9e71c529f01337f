"""The server vouches for itself."""

from collections.abc import Callable

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, self_signed


def _shows(common_name: str, organisation: str, form: Form) -> Callable[[Hooks], None]:
    def chain(_: Authority) -> Chain:
        return self_signed(common_name, organisation, form)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


FAULTS = (
    Fault(
        "tls-self-signed",
        "tls",
        "The certificate has the right name and is its own issuer.",
        "tls-self-signed",
        _shows("localhost", "A test server", Form()),
    ),
    Fault(
        "tls-self-signed-router",
        "tls",
        "A router's page answers, with a self-signed certificate for its own name.",
        "tls-self-signed",
        _shows("router.lan", "A router", Form(names=("router.lan", "192.168.1.1"))),
    ),
)
