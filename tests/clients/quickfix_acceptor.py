"""A QuickFIX acceptor that checks a logon's signature; prints what it received as JSON.

A program and not a test: QuickFIX runs threads of its own, which are best ended with
their process. It listens until its standard input ends. Usage:
``-m tests.clients.quickfix_acceptor SETTINGS PUBLIC_KEY [TEXT]``; with a TEXT every
logon is refused with it.
"""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import quickfix
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

#: Tags of a logon that are reported to the test; RawData (96) is none of them.
REPORTED = (35, 49, 56, 34, 98, 108, 141, 1137, 50, 8013, 112)


class Acceptor(quickfix.Application):  # type: ignore[misc]
    """Verifies logons with the public key, and keeps a list of what came."""

    def __init__(self, public_key: Any, refusal: str | None) -> None:
        super().__init__()
        self._public_key = public_key
        self._refusal = refusal
        self.received: list[dict[str, str]] = []

    def onCreate(self, session: Any) -> None:  # noqa: N802, D102
        pass

    def onLogon(self, session: Any) -> None:  # noqa: N802, D102
        pass

    def onLogout(self, session: Any) -> None:  # noqa: N802, D102
        pass

    def toAdmin(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        pass

    def fromAdmin(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        fields = tags_of(message.toString())
        self.received.append(
            {str(tag): fields[tag] for tag in REPORTED if tag in fields}
        )
        if fields[35] != "A":
            return
        if self._refusal is not None:
            raise quickfix.RejectLogon(self._refusal)
        if not self._verifies(fields):
            raise quickfix.RejectLogon("invalid signature")

    def toApp(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        pass

    def fromApp(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        self.received.append({"35": tags_of(message.toString())[35]})

    def _verifies(self, fields: dict[int, str]) -> bool:
        parts = (fields[52], "A", fields[34], fields[49], fields[56])
        text = "\x01".join(parts).encode()
        signature = base64.b64decode(fields.get(96, ""))
        try:
            if isinstance(self._public_key, ed25519.Ed25519PublicKey):
                self._public_key.verify(signature, text)
            elif isinstance(self._public_key, rsa.RSAPublicKey):
                pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
                self._public_key.verify(signature, text, pss, hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def tags_of(text: str) -> dict[int, str]:
    """The fields of a message by tag."""
    pairs = (field.split("=", 1) for field in text.split("\x01") if field)
    return {int(tag): value for tag, value in pairs}


def main(settings_file: str, public_key_file: str, refusal: str | None = None) -> None:
    """Run."""
    settings = quickfix.SessionSettings(settings_file)
    public_key = load_pem_public_key(Path(public_key_file).read_bytes())
    application = Acceptor(public_key, refusal)
    store = quickfix.MemoryStoreFactory()
    log = quickfix.FileLogFactory(str(Path(settings_file).parent))
    acceptor = quickfix.SocketAcceptor(application, store, settings, log)
    acceptor.start()
    sys.stdin.read()
    sys.stdout.write(json.dumps(application.received) + "\n")
    sys.stdout.flush()
    # Its threads call into Python; being torn down together with it, they crash.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
