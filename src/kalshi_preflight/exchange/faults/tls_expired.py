"""The certificate is past its dates."""

from datetime import UTC, datetime, timedelta

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _expired(authority: Authority) -> Chain:
    now = datetime.now(UTC)
    return authority.leaf(
        not_before=now - timedelta(days=90), not_after=now - timedelta(days=2)
    )


def _apply(hooks: Hooks) -> None:
    hooks.web.chain = _expired


FAULT = Fault(
    "tls-expired",
    "tls",
    "The certificate expired two days ago.",
    "tls-certificate-expired",
    _apply,
)
