"""Keys and signatures that are no longer sound."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer, chain_of, with_sha1


def _short_key(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        # A short key is the very fault.
        form = Form(key=rsa.generate_private_key(65537, 1024))  # noqa: S505
        return Issuer.of(authority.root).chain(form, sent=0, security_level=0)

    hooks.web.chain = chain


def _old_signature(hooks: Hooks) -> None:
    def chain(authority: Authority) -> Chain:
        key = rsa.generate_private_key(65537, 2048)
        root = Issuer.of(authority.root)
        issuing = root.appoint("Old RSA CA", "Embedded exchange", Form(key=key))
        leaf, leaf_key = issuing.leaf()
        old = x509.load_der_x509_certificate(with_sha1(leaf, key))
        return chain_of(leaf_key, old, issuing.certificate, security_level=0)

    hooks.web.chain = chain


FAULTS = (
    Fault(
        "tls-weak-key",
        "tls",
        "The server's key is RSA with 1024 bits.",
        "tls-version-unsupported",
        _short_key,
    ),
    Fault(
        "tls-weak-digest",
        "tls",
        "The certificate is signed with SHA-1.",
        "tls-version-unsupported",
        _old_signature,
    ),
)
