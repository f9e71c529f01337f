"""The chain is complete, and its root is in no store."""

import trustme

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _foreign(authority: Authority) -> Chain:
    stranger = trustme.CA(organization_name="Unheard-of Authority")
    return authority.leaf(issuer=stranger, with_root=True)


def _apply(hooks: Hooks) -> None:
    hooks.web.chain = _foreign


FAULT = Fault(
    "tls-unknown-ca",
    "tls",
    "The chain ends in a root that nobody knows; the root is sent along.",
    "tls-unknown-issuer",
    _apply,
)
