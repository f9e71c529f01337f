"""Certificates that no well-kept authority would issue: wrong dates, names, forms.

trustme makes the good ones; here every field can be chosen, because faults need just
that.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Self

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kalshi_preflight.exchange.certificates import CONTROL_NAME, NAMES, Chain

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

#: The extension in which public logs of certificates vouch (RFC 6962 §3.3), and a list
#: of none of them in it.
_LOGGED = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), b"\x04\x02\x00\x00"
)
#: sha256WithRSAEncryption and sha1WithRSAEncryption (RFC 8017 §A.2.4) in DER: they
#: differ in the last byte only.
_SHA256_RSA = bytes.fromhex("06092a864886f70d01010b")
_SHA1_RSA = bytes.fromhex("06092a864886f70d010105")


def name(common_name: str, organisation: str | None = None) -> x509.Name:
    """A name of one or two parts."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organisation is not None:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


@dataclass(frozen=True)
class Form:
    """What a certificate says, as far as it is not the usual.

    ``starts`` and ``ends`` count from now; ``names`` are the DNS names and addresses of
    a server; ``key`` is a fresh one on P-256 unless given. ``insists_on_its_role``:
    whether the basic constraints of an authority are critical, as RFC 5280 §4.2.1.9
    demands and Python checks from 3.13 on.
    """

    starts: timedelta = timedelta(days=-30)
    ends: timedelta = timedelta(days=90)
    names: tuple[str, ...] = (*NAMES, CONTROL_NAME)
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH
    names_its_issuer: bool = True
    insists_on_its_role: bool = True
    is_logged: bool = False
    key: Key = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))


@dataclass(frozen=True)
class Issuer:
    """A name, its key and certificate; ``above`` are those that lead to its root."""

    certificate: x509.Certificate
    key: Key
    above: tuple[x509.Certificate, ...] = ()

    @classmethod
    def of(cls, authority: trustme.CA) -> Self:
        """The exchange's own root, whose certificate clients trust."""
        pem = authority.private_key_pem.bytes()
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, Key)  # trustme makes no other
        return cls(x509.load_pem_x509_certificate(authority.cert_pem.bytes()), key)

    @classmethod
    def root(
        cls, common_name: str, organisation: str, form: Form | None = None
    ) -> Self:
        """A root of its own."""
        form = form or Form(ends=timedelta(days=3650))
        subject = name(common_name, organisation)
        draft = _draft(subject, subject, form)
        draft = _with_authority(draft, form, None)
        return cls(draft.sign(form.key, hashes.SHA256()), form.key)

    def appoint(
        self, common_name: str, organisation: str, form: Form | None = None
    ) -> "Issuer":
        """An authority below this one."""
        form = form or Form(ends=timedelta(days=365))
        subject = name(common_name, organisation)
        draft = _draft(subject, self.certificate.subject, form)
        draft = _with_authority(draft, form, self.key)
        certificate = draft.sign(self.key, hashes.SHA256())
        return Issuer(certificate, form.key, (self.certificate, *self.above))

    def leaf(
        self, form: Form | None = None, common_name: str = NAMES[0]
    ) -> tuple[x509.Certificate, Key]:
        """A certificate for a server, and its key."""
        form = form or Form()
        draft = _draft(name(common_name), self.certificate.subject, form)
        draft = _with_server(draft, form, self.key)
        return draft.sign(self.key, hashes.SHA256()), form.key

    def chain(
        self,
        form: Form | None = None,
        common_name: str = NAMES[0],
        *,
        sent: int = 1,
        security_level: int | None = None,
    ) -> Chain:
        """A leaf, and so many of the authorities above it as are ``sent``."""
        leaf, key = self.leaf(form, common_name)
        authorities = (self.certificate, *self.above)[:sent]
        return chain_of(key, leaf, *authorities, security_level=security_level)


def self_signed(common_name: str, organisation: str, form: Form | None = None) -> Chain:
    """A server's certificate that is its own issuer."""
    form = form or Form()
    subject = name(common_name, organisation)
    draft = _with_server(_draft(subject, subject, form), form, form.key)
    return chain_of(form.key, draft.sign(form.key, hashes.SHA256()))


def with_sha1(certificate: x509.Certificate, issuer: rsa.RSAPrivateKey) -> bytes:
    """The same certificate in DER, signed with SHA-1, which cryptography refuses to do.

    Both names of the method are of one length, and so are both signatures: only bytes
    change their values.
    """
    to_sign = certificate.tbs_certificate_bytes.replace(_SHA256_RSA, _SHA1_RSA)
    # SHA-1 is the very fault.
    signature = issuer.sign(to_sign, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    der = certificate.public_bytes(serialization.Encoding.DER)
    der = der.replace(certificate.signature, signature)
    return der.replace(_SHA256_RSA, _SHA1_RSA)


def chain_of(
    key: Key, *certificates: x509.Certificate, security_level: int | None = None
) -> Chain:
    """What a server is given: a key, and certificates with the leaf first."""
    private_key = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pems = [each.public_bytes(serialization.Encoding.PEM) for each in certificates]
    return Chain(private_key, tuple(pems), security_level)


def _draft(
    subject: x509.Name, issuer: x509.Name, form: Form
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=form.key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now + form.starts,
        not_valid_after=now + form.ends,
    ).add_extension(
        x509.SubjectKeyIdentifier.from_public_key(form.key.public_key()), critical=False
    )


def _with_authority(
    draft: x509.CertificateBuilder, form: Form, issuer: Key | None
) -> x509.CertificateBuilder:
    usage = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment"),
            *("data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
        ),
        False,
    )
    draft = draft.add_extension(
        x509.BasicConstraints(ca=True, path_length=None), form.insists_on_its_role
    )
    draft = draft.add_extension(
        x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True
    )
    if issuer is None or not form.names_its_issuer:
        return draft
    return _with_issuer(draft, issuer)


def _with_server(
    draft: x509.CertificateBuilder, form: Form, issuer: Key
) -> x509.CertificateBuilder:
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([form.purpose]), critical=False)
    if form.names:
        names = x509.SubjectAlternativeName(list(map(_general, form.names)))
        draft = draft.add_extension(names, critical=False)
    if form.is_logged:
        draft = draft.add_extension(_LOGGED, critical=False)
    return _with_issuer(draft, issuer) if form.names_its_issuer else draft


def _with_issuer(
    draft: x509.CertificateBuilder, issuer: Key
) -> x509.CertificateBuilder:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())
    return draft.add_extension(identifier, critical=False)


def _general(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)
