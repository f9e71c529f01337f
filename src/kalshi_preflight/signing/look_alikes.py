"""What is given where a PEM private key is expected, told by the bytes."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from kalshi_preflight.signing.problem import KeyProblem

_SSH_PUBLIC = re.compile(r"^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+) [A-Za-z]")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_FRAMING = re.compile(r"[-\u2010-\u2015\u2212]+ ?BEGIN [A-Z ]*PRIVATE KEY", re.I)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{40,}=*\s*")
_PATH = re.compile(r"(?:[~./\\]|[A-Za-z]:[\\/])[^\n]{0,300}|[^\s/]+\.(?:pem|key|txt)")


def refuse_look_alike(text: str, labels: Sequence[str]) -> NoReturn:
    """Raise the problem of a text without a PEM block of a key.

    ``labels`` are those of the PEM blocks that it does hold.
    """
    if _SSH_PUBLIC.match(text) or "BEGIN SSH2 PUBLIC KEY" in text:
        raise KeyProblem("key-is-public", {"found": "an SSH public key"})
    raise KeyProblem("key-not-pem", {"looks_like": _look(text, labels)})


def looks_like(data: bytes) -> str:
    """What bytes look like that are no text."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[1:8:2] == b"\0\0\0\0":
        return "UTF-16"
    if is_der(data):
        return "DER"
    return "binary"


def is_der(data: bytes) -> bool:
    """Whether ``data`` is one DER sequence and nothing else (X.690 section 8.1)."""
    return len(data) > 2 and data[0] == 0x30 and der_length(data) == len(data)


def der_length(data: bytes) -> int:
    """How long the outermost DER value says that it is, header included; 0: unclear."""
    if len(data) < 2:
        return 0
    if data[1] < 0x80:
        return 2 + data[1]
    octets = data[1] & 0x7F
    if not 1 <= octets <= 4 or len(data) < 2 + octets:
        return 0
    return 2 + octets + int.from_bytes(data[2 : 2 + octets], "big")


def _is_json(text: str) -> bool:
    if not text.startswith(("{", "[", '"')):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        # Cut JSON is still no PEM; an object's first key gives it away.
        return re.match(r"\{\s*\"", text) is not None
    return True


def _is_base64_of_pem(text: str) -> bool:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return b"-----BEGIN" in data


#: What a text without any PEM block is, and how it is told; the first that fits counts.
_LOOKS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("OpenSSH", lambda text: "OPENSSH PRIVATE KEY" in text),
    ("empty", lambda text: not text),
    ("UTF-16", lambda text: "\0" in text[:100]),
    ("PEM with changed dashes", _FRAMING.search),
    ("PPK", lambda text: text.startswith("PuTTY-User-Key-File")),
    ("HTML", re.compile(r"\s*<(?:!doctype|html|head|\?xml)", re.I).match),
    ("JSON", _is_json),
    ("a key id", _UUID.fullmatch),
    ("base64 of a PEM", _is_base64_of_pem),
    ("base64 without BEGIN and END lines", _BASE64.fullmatch),
    ("a path", _PATH.fullmatch),
)


def _look(text: str, labels: Sequence[str]) -> str:
    if labels and "OPENSSH PRIVATE KEY" not in labels:
        return f"a PEM block of another kind ({labels[0]})"
    bare = text.strip()
    return next((look for look, fits in _LOOKS if fits(bare)), "text")
