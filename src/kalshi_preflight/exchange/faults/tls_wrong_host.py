"""The certificate belongs to other names."""

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks

NAMES = ("www.example.test", "*.example.test")


def _other(authority: Authority) -> Chain:
    return authority.leaf(*NAMES)


def _apply(hooks: Hooks) -> None:
    hooks.web.chain = _other


FAULT = Fault(
    "tls-wrong-host",
    "tls",
    "A trusted certificate is shown, for www.example.test.",
    "tls-hostname-mismatch",
    _apply,
)
