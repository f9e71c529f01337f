"""The signed headers: the documented text, the documented algorithms, no more."""

import base64
from collections.abc import Callable

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from kalshi_preflight.signing import Signer, damaged, headers, signer_from
from kalshi_preflight.signing.rest import signed_text
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest

AT_MS = 1703123456789
BALANCE = "/trade-api/v2/portfolio/balance"
SIGNATURE = "KALSHI-ACCESS-SIGNATURE"


def ed25519_signer() -> Signer:
    """A signer with the key of the vectors."""
    return signer_from(material.credentials(material.pem(material.rfc8032_key())))


def rsa_signer() -> Signer:
    """A signer with an RSA key."""
    return signer_from(material.credentials(material.pem(material.rsa_key())))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            BALANCE,
            "caolQIFa1fF7caKRpD82JbF1w9tsbGMzaRudHdnCIwVEkhfFIlzIy4HeCQTeFteU9o8UTOmE"
            "vwbutRb9MEJbAA==",
        ),
        (
            "/trade-api/ws/v2",
            "UxSfhWWEyZ1QqfOB6kwZsQObor0jGMZVIh+hDqydvkYD4gYeWXPuOB2+jmtHhWtK00AKZNNu"
            "nN+JcxddbXtNDA==",
        ),
    ],
)
def test_ed25519_vectors(path: str, expected: str) -> None:
    """The key of RFC 8032 gives the known signatures of a request and an upgrade."""
    assert headers(ed25519_signer(), "GET", path, timestamp_ms=AT_MS) == {
        "KALSHI-ACCESS-KEY": material.KEY_ID,
        "KALSHI-ACCESS-TIMESTAMP": "1703123456789",
        SIGNATURE: expected,
    }


@pytest.mark.parametrize("salt", [padding.PSS.DIGEST_LENGTH, 32])
def test_rsa_signature_is_pss_with_a_salt_of_32(salt: int) -> None:
    """The public half verifies PSS, SHA-256 and a salt as long as the digest."""
    signed = headers(rsa_signer(), "get", BALANCE, timestamp_ms=AT_MS)
    signature = base64.b64decode(signed[SIGNATURE])
    assert len(signed[SIGNATURE]) == 344
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=salt)
    material.rsa_key().public_key().verify(
        signature, b"1703123456789GET" + BALANCE.encode(), pss, hashes.SHA256()
    )


def test_rsa_signature_has_no_other_salt() -> None:
    """A verifier that wants the longest salt refuses our signature.

    Its length is written out: OpenSSL takes its own "maximum" for "any" here.
    """
    signed = headers(rsa_signer(), "GET", BALANCE, timestamp_ms=AT_MS)
    longest_salt = 256 - 32 - 2
    mgf = padding.MGF1(hashes.SHA256())
    with pytest.raises(InvalidSignature):
        material.rsa_key().public_key().verify(
            base64.b64decode(signed[SIGNATURE]),
            signed_text("GET", BALANCE, timestamp_ms=AT_MS),
            padding.PSS(mgf=mgf, salt_length=longest_salt),
            hashes.SHA256(),
        )


def test_query_is_not_signed() -> None:
    """The text ends before the question mark and has the method in upper case."""
    text = signed_text("get", BALANCE + "?limit=1", timestamp_ms=AT_MS)
    assert text == b"1703123456789GET/trade-api/v2/portfolio/balance"


@pytest.mark.parametrize("path", ["", "portfolio/balance", "https://host/trade-api"])
def test_path_starts_at_the_root(path: str) -> None:
    """A path that is none is a fault of the caller and not signed."""
    with pytest.raises(ValueError, match="starts with /"):
        signed_text("GET", path, timestamp_ms=AT_MS)


@pytest.mark.parametrize("make", [ed25519_signer, rsa_signer])
def test_own_check_tells_a_good_signature_from_a_damaged_one(
    make: Callable[[], Signer],
) -> None:
    """Our own public half accepts what we signed and refuses the damaged one."""
    signer = make()
    good = headers(signer, "GET", BALANCE, timestamp_ms=AT_MS)
    bad = damaged(good)
    text = signed_text("GET", BALANCE, timestamp_ms=AT_MS)
    assert signer.verifies(text, base64.b64decode(good[SIGNATURE]))
    assert not signer.verifies(text, base64.b64decode(bad[SIGNATURE]))
    assert not signer.verifies(text + b"x", base64.b64decode(good[SIGNATURE]))
    assert not signer.verifies(text, b"")
    assert len(good[SIGNATURE]) == len(bad[SIGNATURE])
    assert {**bad, SIGNATURE: ""} == {**good, SIGNATURE: ""}


def test_signer_shows_neither_key_nor_id() -> None:
    """The representation of a signer names no key and no id."""
    shown = repr(rsa_signer())
    assert material.KEY_ID not in shown
    assert "private_key" not in shown
