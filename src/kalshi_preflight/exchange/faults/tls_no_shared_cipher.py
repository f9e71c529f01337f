"""Nothing in common: no cipher, or no group that is large enough."""

import base64
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric import rsa

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer

#: The 1024 bit group of RFC 2409 §6.2.
_SECOND_OAKLEY_GROUP = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22"
    "514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6"
    "F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381"
    "FFFFFFFFFFFFFFFF",
    16,
)


def _strange_cipher(context: ssl.SSLContext) -> None:
    context.set_ciphers("AES128-SHA")
    context.maximum_version = ssl.TLSVersion.TLSv1_2


def _small_group(context: ssl.SSLContext) -> None:
    context.set_ciphers("DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with TemporaryDirectory() as directory:  # OpenSSL reads groups from files only
        file = Path(directory) / "group.pem"
        file.write_text(_group_pem(_SECOND_OAKLEY_GROUP), encoding="ascii")
        context.load_dh_params(str(file))


def _group_pem(prime: int) -> str:
    """DHParameter (PKCS #3 §9) with the generator 2."""
    number = b"\x00" + prime.to_bytes(128, "big")
    body = b"\x02\x81\x81" + number + b"\x02\x01\x02"
    der = b"\x30\x81" + bytes((len(body),)) + body
    encoded = base64.encodebytes(der).decode("ascii")
    return f"-----BEGIN DH PARAMETERS-----\n{encoded}-----END DH PARAMETERS-----\n"


def _apply_strange_cipher(hooks: Hooks) -> None:
    hooks.web.contexts.append(_strange_cipher)


def _apply_small_group(hooks: Hooks) -> None:
    form = Form(key=rsa.generate_private_key(65537, 2048))
    hooks.web.chain = lambda authority: Issuer.of(authority.root).chain(form, sent=0)
    hooks.web.contexts.append(_small_group)


FAULTS = (
    Fault(
        "tls-no-shared-cipher",
        "tls",
        "The server takes one cipher only, which nobody offers any more.",
        "tls-no-shared-cipher",
        _apply_strange_cipher,
    ),
    Fault(
        "tls-small-group",
        "tls",
        "The server's Diffie-Hellman group has 1024 bits.",
        "tls-no-shared-cipher",
        _apply_small_group,
    ),
)
