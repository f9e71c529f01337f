"""Keys and signatures: bytes in, bytes out, the clock is an argument."""

from kalshi_preflight.signing.keys import load_key, signer_from
from kalshi_preflight.signing.problem import KeyProblem
from kalshi_preflight.signing.rest import damaged, headers
from kalshi_preflight.signing.signer import Signer

__all__ = ["KeyProblem", "Signer", "damaged", "headers", "load_key", "signer_from"]
