"""The exchange's certificate authority, and the chains it can be told to show."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

NAMES = ("localhost", "127.0.0.1", "::1", "api.kalshi.test", "fix.kalshi.test")
CONTROL_NAME = "control.kalshi.test"


@dataclass(frozen=True)
class Chain:
    """A private key and the certificates a server sends, leaf first; all PEM.

    ``security_level`` is OpenSSL's (SSL_CTX_set_security_level(3)): what is weaker than
    the usual one allows is loaded only at 0.
    """

    private_key: bytes
    certificates: tuple[bytes, ...]
    security_level: int | None = None

    def pem(self) -> bytes:
        """Everything in one file, as ``load_cert_chain`` wants it."""
        return b"".join((self.private_key, *self.certificates))


class Authority:
    """One private CA, written to ``directory/ca.pem`` for clients to trust."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._issued = 0
        self.root = trustme.CA(organization_name="Embedded exchange")
        self.file = directory / "ca.pem"
        self.root.cert_pem.write_to_path(str(self.file))

    def leaf(
        self,
        *names: str,
        issuer: trustme.CA | None = None,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        with_root: bool = False,
    ) -> Chain:
        """Issue a leaf for ``names`` (default: the exchange's own)."""
        issuer = issuer or self.root
        leaf = issuer.issue_cert(
            *(names or (*NAMES, CONTROL_NAME)),
            not_before=not_before,
            not_after=not_after or datetime.now(UTC) + timedelta(days=90),
        )
        certificates = [pem.bytes() for pem in leaf.cert_chain_pems]
        if with_root:
            certificates.append(issuer.cert_pem.bytes())
        return Chain(leaf.private_key_pem.bytes(), tuple(certificates))

    def context(self, chain: Chain) -> ssl.SSLContext:
        """Make a server's TLS context that shows ``chain``."""
        self._issued += 1
        file = self._directory / f"server-{self._issued}.pem"
        file.touch(mode=0o600)
        file.write_bytes(chain.pem())  # the ssl module loads chains from files only
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if chain.security_level is not None:
            context.set_ciphers(f"DEFAULT:@SECLEVEL={chain.security_level}")
        context.load_cert_chain(file)
        file.unlink()
        context.set_alpn_protocols(["http/1.1"])
        return context
