"""Where a started exchange is found, and with what it can be used."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalshi_preflight.exchange.credentials import Credentials

REST_PATH = "/trade-api/v2"
WEBSOCKET_PATH = "/trade-api/ws/v2"


@dataclass(frozen=True)
class FixAddress:
    """The FIX acceptor."""

    host: str
    port: int
    target_comp_id: str


@dataclass(frozen=True)
class Controls:
    """Healthy neighbours, as ``host:port``: asked only to tell look-alikes apart."""

    hosts: tuple[str, ...]
    resolvers: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """Addresses, trust anchor and credentials of a running exchange.

    REST and WebSocket share ``port``; ``dns`` is ``host:port``, UDP and TCP alike;
    ``proxy`` is the URL of the proxy that clients are to use, and ``alternate`` another
    name of this exchange, if there is one.
    ``sibling_port`` is REST of the environment whose keys are mixed up with this one's.
    """

    host: str
    port: int
    dns_port: int
    fix: FixAddress
    controls: Controls
    sibling_port: int
    ca_file: Path
    key_id: str
    private_key_file: Path
    ed25519: Credentials
    proxy: str | None = None
    alternate: str | None = None

    @property
    def authority(self) -> str:
        """``host:port`` of REST and WebSocket, as it stands in a URL."""
        return f"{bracketed(self.host)}:{self.port}"

    @property
    def rest(self) -> str:
        """Base URL of REST."""
        return f"https://{self.authority}{REST_PATH}"

    @property
    def websocket(self) -> str:
        """URL of the WebSocket."""
        return f"wss://{self.authority}{WEBSOCKET_PATH}"

    @property
    def dns(self) -> str:
        """Address of the name server."""
        return f"{bracketed(self.host)}:{self.dns_port}"

    def document(self) -> dict[str, Any]:
        """Return the state file's content."""
        proxy = {} if self.proxy is None else {"proxy": self.proxy}
        return {
            **proxy,
            "rest": self.rest,
            "websocket": self.websocket,
            "fix": {
                "host": self.fix.host,
                "port": self.fix.port,
                "target_comp_id": self.fix.target_comp_id,
            },
            "dns": self.dns,
            "ca_file": str(self.ca_file),
            "key_id": self.key_id,
            "private_key_file": str(self.private_key_file),
            "ed25519": {
                "key_id": self.ed25519.key_id,
                "private_key_file": str(self.ed25519.private_key_file),
            },
            "controls": {
                "hosts": list(self.controls.hosts),
                "resolvers": list(self.controls.resolvers),
            },
        }

    def write(self, file: Path) -> None:
        """Write the document atomically: a reader sees all of it, or nothing."""
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.write_text(json.dumps(self.document(), indent=1) + "\n", encoding="utf-8")
        draft.replace(file)


def bracketed(host: str) -> str:
    """Write a host as it stands before a port: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host
