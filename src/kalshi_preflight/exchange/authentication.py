"""Who signed this request: the exchange's own verification, shared with nobody."""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.message import Request, Response

PublicKey = RSAPublicKey | Ed25519PublicKey


@dataclass(frozen=True)
class ApiKey:
    """A registered key: its public half, and what it may do."""

    key_id: str
    public_key: PublicKey
    name: str
    scopes: tuple[str, ...] = ("read", "write")
    subaccount: int | None = None

    def allows(self, *scopes: str) -> bool:
        """Whether any of these scopes, or the parent of one, is granted."""
        parents = {scope.split("::")[0] for scope in scopes}
        return bool({*scopes, *parents} & set(self.scopes))


@dataclass(frozen=True)
class Window:
    """How old or how early a timestamp may be, in milliseconds.

    Measured: 10 s either way passes; 30 s behind is refused, 30 s ahead has passed;
    60 s is refused either way. The true edges are unknown; these lie between.
    """

    behind_ms: int = 20_000
    ahead_ms: int = 45_000


@dataclass(frozen=True)
class Verdict:
    """The key that signed, or the refusal."""

    key: ApiKey | None = None
    refusal: Response | None = None


def verifies(key: PublicKey, signature: bytes, text: bytes) -> bool:
    """Check a raw signature as the registered key's type demands.

    RSA-PSS with SHA-256, MGF1-SHA-256 and a salt as long as the digest, or Ed25519
    (RFC 8032) over the text itself.
    """
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, text)
        else:
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            key.verify(signature, text, pss, hashes.SHA256())
    except InvalidSignature:
        return False
    return True


class Gatekeeper:
    """Verifies the three ``KALSHI-ACCESS-*`` headers against the registered keys."""

    def __init__(self, clock: Clock, window: Window) -> None:
        self._clock = clock
        self._window = window
        self.keys: dict[str, ApiKey] = {}

    def judge(self, request: Request) -> Verdict:
        """Check headers, then key, then timestamp, then signature."""
        key_id = request.header("KALSHI-ACCESS-KEY")
        signature = request.header("KALSHI-ACCESS-SIGNATURE")
        timestamp = request.header("KALSHI-ACCESS-TIMESTAMP") or ""
        if not key_id:
            return Verdict(refusal=refusals.NO_CREDENTIALS)
        if not signature:
            return Verdict(refusal=refusals.SIGNATURE_MISSING)
        key = self.keys.get(key_id)
        if key is None:
            return Verdict(refusal=refusals.KEY_UNKNOWN)
        if not self._timely(timestamp):
            return Verdict(refusal=refusals.TIMESTAMP_EXPIRED)
        text = f"{timestamp}{request.method}{request.path}".encode()
        if not verifies(key.public_key, _decoded(signature), text):
            return Verdict(refusal=refusals.SIGNATURE_WRONG)
        return Verdict(key=key)

    def _timely(self, timestamp: str) -> bool:
        if not (timestamp.isascii() and timestamp.isdigit()):
            return False
        ahead_ms = int(timestamp) - self._clock.now_ms()
        return -self._window.behind_ms <= ahead_ms <= self._window.ahead_ms


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return b""
