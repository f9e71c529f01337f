"""The exchange's account: fresh key pairs, written out for clients to sign with."""

import os
import random
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Credentials:
    """A key id and the PEM file of its private half."""

    key_id: str
    private_key_file: Path


def invented_uuid(chance: random.Random) -> str:
    """Make a version 4 UUID that a seed repeats."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def write_private_key(key: PrivateKey, file: Path) -> None:
    """Write PKCS#1 (RSA) or PKCS#8 (Ed25519), as the web site offers them.

    The file is readable by its owner alone.
    """
    form = (
        serialization.PrivateFormat.TraditionalOpenSSL
        if isinstance(key, rsa.RSAPrivateKey)
        else serialization.PrivateFormat.PKCS8
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, form, serialization.NoEncryption()
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(pem)
