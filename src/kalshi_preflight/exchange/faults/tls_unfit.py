"""A certificate that is not fit for a server."""

from cryptography.x509.oid import ExtendedKeyUsageOID

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer


def _for_clients(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        form = Form(purpose=ExtendedKeyUsageOID.CLIENT_AUTH)
        return Issuer.of(authority.root).chain(form, sent=0)

    hooks.web.chain = chain


def _by_a_leaf(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        root = Issuer.of(authority.root)
        certificate, key = root.leaf(Form(names=("shop.example.test",)), "shop")
        return Issuer(certificate, key).chain(sent=1)

    hooks.web.chain = chain


FAULTS = (
    Fault(
        "tls-wrong-purpose",
        "tls",
        "The certificate is a client's.",
        "tls-unknown-issuer",
        _for_clients,
    ),
    Fault(
        "tls-invalid-ca",
        "tls",
        "The certificate was issued by somebody who is no authority.",
        "tls-unknown-issuer",
        _by_a_leaf,
    ),
)
