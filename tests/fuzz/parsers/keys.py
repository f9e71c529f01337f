"""Key files and key ids: PEM and base64 that are damaged. Every key is a fresh one."""

import base64
from collections.abc import Sequence
from functools import cache

from cryptography.hazmat.primitives.serialization import PrivateFormat

from kalshi_preflight.causes.catalogue import CATALOGUE
from kalshi_preflight.model.credentials import KeyForm
from kalshi_preflight.signing.keys import load_key, signer_from
from kalshi_preflight.signing.problem import KeyProblem
from tests.fuzz.campaign import Target
from tests.selftest.signing import material

#: So many characters in a row of a key in a message are a leak.
_PIECE = 12


@cache
def _pems() -> tuple[bytes, ...]:
    rsa = material.rsa_key()
    return tuple(
        text.encode()
        for text in (
            material.pem(material.rfc8032_key()),
            material.pem(material.rfc8032_key()),
            material.pem(rsa, PrivateFormat.TraditionalOpenSSL),
            material.pem(rsa),
            material.encrypted_pem(),
            material.public_pem(),
            material.certificate_pem(),
            material.pem(material.foreign_key("EC (secp256r1)")),
            material.ssh_public_line(),
        )
    )


def healthy() -> Sequence[bytes]:
    """Keys of all kinds, also in base64."""
    return [*_pems(), *map(base64.b64encode, _pems()[:3])]


def attempt(data: bytes) -> str:
    """The problem that is told, without a piece of the key; or that there is none."""
    text = data.decode("utf-8", "replace")
    outcomes = [_outcome(data)]
    for form in (KeyForm.INLINE, KeyForm.BASE64):
        try:
            signer_from(material.credentials(text, form))
        except KeyProblem as problem:
            outcomes.append(_checked(problem, text))
        else:
            outcomes.append("a key")
    try:
        signer_from(material.credentials("x", key_id=text[:80]))
    except KeyProblem as problem:
        _checked(problem, text)
    return outcomes[0]


def _outcome(data: bytes) -> str:
    try:
        load_key(data)
    except KeyProblem as problem:
        return _checked(problem, data.decode("latin-1"))
    return "a key"


def _checked(problem: KeyProblem, text: str) -> str:
    assert problem.cause in CATALOGUE, problem.cause
    said = repr(problem.particulars) + str(problem)
    body = [line for line in text.splitlines() if "-----" not in line]
    pieces = (line[i : i + _PIECE] for line in body for i in range(0, len(line), 8))
    told = [p for p in pieces if len(p) == _PIECE and p.isalnum() and p in said]
    assert not told, f"the message tells {told[0]!r}"
    return problem.cause


TARGET = Target(
    name="keys",
    modules=(
        "signing.keys",
        "signing.key_id",
        "signing.look_alikes",
        "signing.pem",
        "signing.problem",
    ),
    attempt=attempt,
    short=500,
    whole=10_000,
    healthy=healthy,
    words=(
        b"-----BEGIN RSA PRIVATE KEY-----\n",
        b"-----END RSA PRIVATE KEY-----\n",
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----",
        b"-----BEGIN PRIVATE KEY-----",
        b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n",
        b"\\n",
        b"\xef\xbb\xbf",
        b"=",
        b"\r\n",
        b"\0",
        b"{",
    ),
)
