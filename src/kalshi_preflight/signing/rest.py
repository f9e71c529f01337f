"""The three headers that authenticate a REST request or a WebSocket upgrade.

Signed is ``timestamp + METHOD + path``: milliseconds, upper case, the path from the
root of the host without query string; neither host nor body. The upgrade is a ``GET``
of its own path.
"""

import base64
from collections.abc import Mapping

from kalshi_preflight.signing.signer import Signer

KEY = "KALSHI-ACCESS-KEY"
TIMESTAMP = "KALSHI-ACCESS-TIMESTAMP"
SIGNATURE = "KALSHI-ACCESS-SIGNATURE"


def signed_text(method: str, path: str, *, timestamp_ms: int) -> bytes:
    """The bytes that a request's signature is made over; a query is left out."""
    if not path.startswith("/"):
        raise ValueError("a signed path starts with /, at the root of the host")
    bare = path.partition("?")[0]
    return f"{timestamp_ms}{method.upper()}{bare}".encode()


def headers(
    signer: Signer, method: str, path: str, *, timestamp_ms: int
) -> dict[str, str]:
    """The headers of one request at one time; a second attempt is signed anew."""
    text = signed_text(method, path, timestamp_ms=timestamp_ms)
    return {
        KEY: signer.key_id.reveal(),
        TIMESTAMP: str(timestamp_ms),
        SIGNATURE: base64.b64encode(signer.sign(text)).decode("ascii"),
    }


def damaged(signed: Mapping[str, str]) -> dict[str, str]:
    """The same headers with a signature of the same length that does not verify.

    One bit in the middle is turned. For Ed25519 that is the lowest bit of S, and no
    other S below the group order fits the same R (RFC 8032 section 5.1.7); for RSA it
    gives another, unrelated encoded message.
    """
    signature = bytearray(base64.b64decode(signed[SIGNATURE]))
    signature[len(signature) // 2] ^= 1
    return {**signed, SIGNATURE: base64.b64encode(signature).decode("ascii")}


def verifies(signer: Signer, method: str, path: str, signed: Mapping[str, str]) -> bool:
    """Whether headers that we made verify with the public half of our own key.

    If they do and the exchange refuses the signature, key id and key do not belong
    together; if they do not, the fault is on this side.
    """
    text = signed_text(method, path, timestamp_ms=int(signed[TIMESTAMP]))
    return signer.verifies(text, base64.b64decode(signed[SIGNATURE]))
