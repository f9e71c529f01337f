"""A plain client of the exchange: sockets, TLS, DNS and signatures, nothing of ours."""

import base64
import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dns.message
import dns.query
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from kalshi_preflight.exchange.state import REST_PATH, WEBSOCKET_PATH, State
from tests.selftest.exchange.websocket_client import WebSocket

DEADLINE_SECONDS = 5.0
PrivateKey = RSAPrivateKey | Ed25519PrivateKey


@dataclass(frozen=True)
class Answer:
    """Status, headers (lower-case names) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """Talks to the exchange at ``state``."""

    state: State
    timeout_seconds: float = DEADLINE_SECONDS

    @property
    def context(self) -> ssl.SSLContext:
        """Trusts the exchange's CA alone."""
        return ssl.create_default_context(cafile=str(self.state.ca_file))

    def tcp(self) -> socket.socket:
        """Connect to the port of REST and WebSocket."""
        address = (self.state.host, self.state.port)
        return socket.create_connection(address, self.timeout_seconds)

    @contextmanager
    def tls(self) -> Iterator[ssl.SSLSocket]:
        """Connect and shake hands for the name ``localhost``."""
        with (
            self.tcp() as sock,
            self.context.wrap_socket(sock, server_hostname="localhost") as secured,
        ):
            yield secured

    def request(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        under: str = REST_PATH,
    ) -> Answer:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPSConnection(
            self.state.host,
            self.state.port,
            timeout=self.timeout_seconds,
            context=self.context,
        )
        try:
            connection.request(method, under + path, body, dict(headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, names, response.read())
        finally:
            connection.close()

    def signed(self, path: str, *, method: str = "GET", **more: Any) -> Answer:
        """Send one request signed with the RSA key."""
        signed_path = REST_PATH + path.partition("?")[0]
        headers = {**self.signature(method, signed_path), **more.pop("headers", {})}
        return self.request(path, method=method, headers=headers, **more)

    def private_key(self) -> PrivateKey:
        """Load the RSA key that the exchange wrote."""
        return load_key(self.state.private_key_file.read_bytes())

    def signature(self, method: str, path: str, **changes: Any) -> dict[str, str]:
        """Make the three headers; ``changes`` are those of ``sign``."""
        return sign(self.private_key(), self.state.key_id, method, path, **changes)

    def websocket(self, **more: Any) -> WebSocket:
        """Make a signed WebSocket, to be opened by ``with``."""
        headers = {**self.signature("GET", WEBSOCKET_PATH), **more.pop("headers", {})}
        return WebSocket(
            self.state.websocket,
            ssl=self.context,
            additional_headers=headers,
            proxy=None,
            open_timeout=self.timeout_seconds,
            close_timeout=self.timeout_seconds,
            **more,
        )

    def resolve(
        self, name: str, record_type: str = "A", *, tcp: bool = False, port: int = 0
    ) -> dns.message.Message:
        """Ask the exchange's name server."""
        query = dns.message.make_query(name, record_type)
        ask = dns.query.tcp if tcp else dns.query.udp
        where = port or self.state.dns_port
        return ask(query, self.state.host, self.timeout_seconds, where)


def load_key(pem: bytes) -> PrivateKey:
    """Load a private key that can sign."""
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, RSAPrivateKey | Ed25519PrivateKey)
    return key


def signature(key: PrivateKey, text: bytes, salt_length: int = 32) -> bytes:
    """Sign a text as the type of the key demands."""
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(text)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length)
    return key.sign(text, pss, hashes.SHA256())


def sign(
    key: PrivateKey,
    key_id: str,
    method: str,
    path: str,
    *,
    offset_seconds: float = 0.0,
    salt_length: int = 32,
) -> dict[str, str]:
    """Make the three headers with a clock that is off by ``offset_seconds``."""
    timestamp = str(int((time.time() + offset_seconds) * 1000))
    text = f"{timestamp}{method}{path}".encode()
    raw = signature(key, text, salt_length)
    return {
        "KALSHI-ACCESS-KEY": key_id,
        "KALSHI-ACCESS-TIMESTAMP": timestamp,
        "KALSHI-ACCESS-SIGNATURE": base64.b64encode(raw).decode(),
    }
