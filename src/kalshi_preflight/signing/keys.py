"""From what the user gave to a key that signs, or to the one reason why not.

Faults are told by looking at the bytes and by exception class, never by message: the
library that parses keys has changed its messages, and what it accepts, several times.
"""

import base64
import binascii
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from kalshi_preflight.model.credentials import Credentials, KeyForm, Remark, Setting
from kalshi_preflight.signing.key_file import read_key_file, shown_path
from kalshi_preflight.signing.key_id import read_key_id
from kalshi_preflight.signing.look_alikes import der_length, looks_like
from kalshi_preflight.signing.pem import Block, PemText, private_block, read_text
from kalshi_preflight.signing.problem import KeyProblem
from kalshi_preflight.signing.signer import PrivateKey, Signer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

#: The smallest RSA modulus, in bits, that the exchange issues and registers.
SMALLEST_RSA_BITS = 2048
#: Environments that share a key ask for it together.
_LOADING = threading.Lock()


def signer_from(credentials: Credentials) -> Signer:
    """The signer of one environment's credentials.

    Raise :class:`KeyProblem` with the first thing that is wrong, id before key.
    """
    setting = credentials.key_id
    if setting is None or not setting.value.reveal().strip():
        raise KeyProblem("key-id-missing", _where_looked(credentials))
    key_id = read_key_id(setting)
    setting = credentials.private_key
    if setting is None or not setting.value.reveal().strip():
        raise KeyProblem("key-missing", _where_looked(credentials))
    where = _where(setting, credentials.key_form)
    raw, remarks = _material(setting, credentials.key_form)
    try:
        pem = read_text(raw)
        private_key = _key_in(pem)
    except KeyProblem as problem:
        raise KeyProblem(problem.cause, {**where, **problem.particulars}) from None
    if pem.escaped_newlines:
        escaped = Remark(cause="key-escaped-newlines", particulars=dict(where))
        remarks = (escaped, *remarks)
    return Signer(key_id=key_id, private_key=private_key, remarks=remarks)


def load_key(text: str | bytes) -> PrivateKey:
    """The private key in a PEM text, RSA of 2048 bits or more, or Ed25519.

    Raise :class:`KeyProblem`, and nothing else, for any other text or bytes.
    """
    return _key_in(read_text(text))


def _where(setting: Setting, form: KeyForm | None) -> dict[str, object]:
    """Where a key came from; ``path`` is that of its file, or says that it has none."""
    path = "the inline value"
    if form is KeyForm.FILE:
        path = shown_path(setting.value.reveal())
    return {"setting": setting.name, "source": setting.source, "path": path}


def _where_looked(credentials: Credentials) -> dict[str, object]:
    found = (credentials.key_id, credentials.private_key)
    owner = credentials.plain_names_belong_to
    passed_over = f"the names without a suffix are there and belong to {owner}"
    return {
        "names_tried": list(credentials.names_tried),
        "files_read": list(credentials.files_read),
        "names_found": [setting.name for setting in found if setting is not None],
        "plain_names_belong_to": passed_over if owner else "none",
    }


def _material(
    setting: Setting, form: KeyForm | None
) -> tuple[str | bytes, tuple[Remark, ...]]:
    """What should be the PEM, from the value, its base64, or the file it names."""
    if form is KeyForm.FILE:
        return read_key_file(setting)
    value = setting.value.reveal()
    return (_from_base64(setting) if form is KeyForm.BASE64 else value), ()


def _from_base64(setting: Setting) -> bytes:
    """The bytes behind a base64 value; a PEM given as it is is not taken for one."""
    value = setting.value.reveal().strip().strip("\"'")
    where = _where(setting, KeyForm.BASE64)
    if "-----" in value:
        looks = "a PEM, where the base64 of one is expected"
        raise KeyProblem("key-not-pem", {**where, "looks_like": looks})
    bare = "".join(value.split())
    try:
        data = base64.b64decode(bare.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        alphabet = bare.rstrip("=").replace("+", "a").replace("/", "a")
        if alphabet.isascii() and alphabet.isalnum():
            reason = "the base64 has a length that none can have"
            raise KeyProblem("key-truncated", {**where, "reason": reason}) from None
        looks = "something that is no base64"
        raise KeyProblem("key-not-pem", {**where, "looks_like": looks}) from None
    if b"-----BEGIN" not in data and looks_like(data) == "DER":
        raise KeyProblem("key-not-pem", {**where, "looks_like": "base64 of DER"})
    return data


def _key_in(pem: PemText) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import (
        ed25519,
        rsa,
    )

    key = _parsed(private_block(pem))
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < SMALLEST_RSA_BITS:
            bits = {"bits": key.key_size, "smallest_bits": SMALLEST_RSA_BITS}
            raise KeyProblem("key-too-small", bits)
        return key
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    raise KeyProblem("key-type-unsupported", {"type": _type_name(key)})


def _type_name(key: object) -> str:
    """The kind of a key as people call it: ``EC (secp256r1)``, ``DSA``, ``X25519``."""
    name = type(key).__name__.removesuffix("PrivateKey").lstrip("_")
    name = {"EllipticCurve": "EC"}.get(name, name)
    curve = getattr(getattr(key, "curve", None), "name", None)
    return f"{name} ({curve})" if curve else name


def _parsed(block: Block) -> "PrivateKeyTypes":
    from cryptography.exceptions import UnsupportedAlgorithm

    announced = der_length(block.der)
    if announced > len(block.der):
        missing = {"missing_bytes": announced - len(block.der)}
        reason = "the body is shorter than it says"
        raise KeyProblem(
            "key-truncated", {"label": block.label, "reason": reason, **missing}
        )
    if block.label == "ENCRYPTED PRIVATE KEY":
        raise KeyProblem("key-encrypted", {"label": block.label})
    try:
        with _LOADING:
            return _loaded(block.text())
    except TypeError:  # "a password is needed", in every release
        raise KeyProblem("key-encrypted", {"label": block.label}) from None
    except UnsupportedAlgorithm:
        unknown = "an algorithm or curve that is unknown here"
        raise KeyProblem("key-type-unsupported", {"type": unknown}) from None
    except ValueError:
        _refuse_unparsed(block)


@lru_cache(maxsize=8)
def _loaded(pem: bytes) -> "PrivateKeyTypes":
    """Load a key, once: to check one of RSA takes some 35 ms."""
    from cryptography.hazmat.primitives import serialization

    return serialization.load_pem_private_key(pem, password=None)


def _refuse_unparsed(block: Block) -> NoReturn:
    """Raise the problem of a whole block whose body is not what its label says."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    if block.label in {"EC PRIVATE KEY", "DSA PRIVATE KEY"}:
        kind = block.label.removesuffix(" PRIVATE KEY")
        raise KeyProblem("key-type-unsupported", {"type": kind}) from None
    try:
        serialization.load_der_private_key(block.der, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        reason = "the body does not parse: a piece is missing or was changed"
        facts = {"label": block.label, "reason": reason}
        raise KeyProblem("key-truncated", facts) from None
    looks = f"a key of another format under the label {block.label}"
    raise KeyProblem("key-not-pem", {"looks_like": looks}) from None
