"""A key id and its private key, ready to sign."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kalshi_preflight.model.credentials import Remark
from kalshi_preflight.model.secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.padding import PSS
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

#: The two kinds of keys that the exchange accepts (Ed25519 since 2026-09-24).
PrivateKey: TypeAlias = "RSAPrivateKey | Ed25519PrivateKey"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signer:
    """Signs for one key id; the private key does not leave it.

    ``remarks`` are what is odd about the key without keeping it from working
    (``key-escaped-newlines``, ``key-readable-by-others``).
    """

    key_id: Secret
    remarks: tuple[Remark, ...] = ()
    private_key: PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> str:
        """``rsa-pss-sha256`` or ``ed25519``; the key decides."""
        return "rsa-pss-sha256" if hasattr(self.private_key, "key_size") else "ed25519"

    def sign(self, text: bytes) -> bytes:
        """The signature of ``text``: 64 bytes, or as many as the RSA modulus has.

        RSA: PSS with SHA-256, MGF1 with SHA-256, and a salt as long as the digest.
        Ed25519 signs the text itself (RFC 8032 section 5.1).
        """
        from cryptography.hazmat.primitives.asymmetric import (
            ed25519,
        )

        if isinstance(self.private_key, ed25519.Ed25519PrivateKey):
            return self.private_key.sign(text)
        from cryptography.hazmat.primitives import hashes

        return self.private_key.sign(text, _pss(), hashes.SHA256())

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is one of ``text`` by the public half of our key.

        If it is and the exchange says that it is not, key id and key do not belong
        together; if it is not, the fault is on our side.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import (
            ed25519,
        )

        public = self.private_key.public_key()
        try:
            if isinstance(public, ed25519.Ed25519PublicKey):
                public.verify(signature, text)
            else:
                public.verify(signature, text, _pss(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def _pss() -> "PSS":
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.PSS(
        mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH
    )
