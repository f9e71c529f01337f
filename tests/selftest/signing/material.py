"""Key material of every kind, generated at run time and forgotten with the run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import (
    dsa,
    ec,
    ed448,
    ed25519,
    rsa,
    x25519,
)
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.secret import Secret

KEY_ID = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"

#: RFC 8032 section 7.1, TEST 1: public, never to be registered anywhere.
RFC8032_SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key; one for each size and run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def rfc8032_key() -> ed25519.Ed25519PrivateKey:
    """The key of the test vectors."""
    return ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(RFC8032_SEED))


@cache
def foreign_key(kind: str) -> PrivateKeyTypes:
    """A key of a kind that the exchange does not take."""
    makers: dict[str, Callable[[], PrivateKeyTypes]] = {
        "EC (secp256r1)": lambda: ec.generate_private_key(ec.SECP256R1()),
        "DSA": lambda: dsa.generate_private_key(1024),  # noqa: S505  refused anyway
        "X25519": x25519.X25519PrivateKey.generate,
        "Ed448": ed448.Ed448PrivateKey.generate,
    }
    return makers[kind]()


def pem(
    key: PrivateKeyTypes,
    layout: PrivateFormat = PrivateFormat.PKCS8,
    encryption: KeySerializationEncryption | None = None,
) -> str:
    """A private key as PEM text."""
    data = key.private_bytes(Encoding.PEM, layout, encryption or NoEncryption())
    return data.decode("ascii")


def der(key: PrivateKeyTypes) -> bytes:
    """A private key as DER."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def encrypted_pem(layout: PrivateFormat = PrivateFormat.PKCS8) -> str:
    """A PEM that asks for a pass phrase: PKCS #8, or the older Proc-Type header."""
    return pem(rsa_key(), layout, BestAvailableEncryption(b"pass phrase"))


def public_pem(layout: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """The public half."""
    return rsa_key().public_key().public_bytes(Encoding.PEM, layout).decode("ascii")


def ssh_public_line() -> str:
    """The public half as a line of authorized_keys."""
    public = rsa_key().public_key()
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")


@cache
def certificate_pem() -> str:
    """A self-signed certificate."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=rsa_key().public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now,
        not_valid_after=now + timedelta(days=1),
    )
    certificate = builder.sign(rsa_key(), hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def credentials(
    key: str | None,
    form: KeyForm = KeyForm.INLINE,
    key_id: str | None = KEY_ID,
) -> Credentials:
    """Credentials as the settings room hands them over."""

    def setting(name: str, value: str | None) -> Setting | None:
        if value is None:
            return None
        return Setting(name=name, source="process environment", value=Secret(value))

    return Credentials(
        key_id=setting("KALSHI_API_KEY_ID", key_id),
        private_key=setting("KALSHI_PRIVATE_KEY", key),
        key_form=form,
        names_tried=("KALSHI_API_KEY_ID", "KALSHI_PRIVATE_KEY"),
        files_read=(".env",),
    )
