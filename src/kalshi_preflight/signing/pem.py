"""PEM text (RFC 7468) as people have it: found, repaired where that is safe, framed.

Only the framing is looked at here, and by the bytes themselves: what the library says
of a damaged PEM has changed with every other release of it.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import NoReturn

from kalshi_preflight.signing.look_alikes import is_der, looks_like, refuse_look_alike
from kalshi_preflight.signing.problem import KeyProblem

PRIVATE_LABELS = frozenset(
    {
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
    }
)
_PUBLIC_LABELS = frozenset(
    {
        "PUBLIC KEY",
        "RSA PUBLIC KEY",
        "CERTIFICATE",
        "X509 CERTIFICATE",
        "TRUSTED CERTIFICATE",
        "CERTIFICATE REQUEST",
        "NEW CERTIFICATE REQUEST",
    }
)
_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9][A-Z0-9 ]{0,38}[A-Z0-9])-----")
#: What a reader of single lines or a careless copy leaves of a BEGIN line.
_CUT_BEGIN = re.compile(r"^-----(?:B|BE|BEG|BEGI|BEGIN(?: [A-Z ]*-{0,4})?)$")
_ENDS_ONLY = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY-----")
#: Blanks that base64 may be interspersed with; the last four are copied from pages.
_BLANKS = re.compile("[\\s\u00a0\u200b\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One PEM block: its label and its decoded body."""

    label: str
    der: bytes

    def text(self) -> bytes:
        """The block in the strict form that every reader takes."""
        body = base64.b64encode(self.der).decode("ascii")
        lines = "\n".join(body[i : i + 64] for i in range(0, len(body), 64))
        framed = f"-----BEGIN {self.label}-----\n{lines}\n-----END {self.label}-----\n"
        return framed.encode("ascii")


@dataclass(frozen=True, slots=True)
class PemText:
    """Text that may hold PEM blocks, with what could be repaired repaired."""

    text: str
    escaped_newlines: bool = False


def read_text(raw: str | bytes) -> PemText:
    """The text without byte order mark, blanks and quotes around it, escapes undone.

    Raise :class:`KeyProblem` ``key-not-pem`` for bytes that are no text.
    """
    text = raw if isinstance(raw, str) else _decoded_text(raw)
    text = text.strip().removeprefix("\ufeff").strip()
    text = text.strip("\"'`").strip()
    if "-----BEGIN" not in text or "\\" not in text:
        return PemText(text)
    # One level of escaping, or two: \n and \\n are both met in dotenv files.
    repaired = re.sub(r"\\+r", "", re.sub(r"\\+n", "\n", text))
    return PemText(repaired, escaped_newlines=repaired != text)


def _decoded_text(raw: bytes) -> str:
    if is_der(raw):  # which may be ASCII by chance
        raise KeyProblem("key-not-pem", {"looks_like": "DER"})
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # A comment in another encoding around a PEM does no harm.
        if b"-----BEGIN" in raw:
            return raw.decode("latin-1")
        raise KeyProblem("key-not-pem", {"looks_like": looks_like(raw)}) from None


def private_block(pem: PemText) -> Block:
    """The first block of a private key in ``pem``, decoded, else a KeyProblem."""
    found = list(_BEGIN.finditer(pem.text))
    begin = next((m for m in found if m[1] in PRIVATE_LABELS), None)
    if begin is None:
        _refuse(pem.text, [match[1] for match in found])
    label, rest = begin[1], pem.text[begin.end() :]
    end = rest.find(f"-----END {label}-----")
    body = rest if end < 0 else rest[:end]
    if "ENCRYPTED" in body[:120] and "Proc-Type" in body[:120]:
        raise KeyProblem("key-encrypted", {"label": label})
    if end < 0:
        what = "the END line is missing" if body.strip() else "only the BEGIN line"
        raise KeyProblem("key-truncated", {"label": label, "reason": what})
    return Block(label, _decoded(label, body))


def _refuse(text: str, labels: list[str]) -> NoReturn:
    """Raise the problem of a text that holds no private PEM block."""
    public = next((label for label in labels if label in _PUBLIC_LABELS), None)
    if public is not None:
        raise KeyProblem("key-is-public", {"found": public})
    if _CUT_BEGIN.match(text) and not labels:
        raise KeyProblem("key-truncated", {"reason": "the BEGIN line is cut"})
    if _ENDS_ONLY.search(text) and not labels:
        raise KeyProblem("key-truncated", {"reason": "the BEGIN line is missing"})
    refuse_look_alike(text, labels)


def _decoded(label: str, body: str) -> bytes:
    bare = _BLANKS.sub("", body)
    if not bare:
        what = "there is nothing between BEGIN and END"
        raise KeyProblem("key-truncated", {"label": label, "reason": what})
    try:
        return base64.b64decode(bare.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        what = "the body is no base64: a piece is missing, or something was added"
        raise KeyProblem("key-truncated", {"label": label, "reason": what}) from None
