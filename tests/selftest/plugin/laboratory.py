"""An environments file for a running exchange: several runs ask the same one."""

from pathlib import Path

from kalshi_preflight.exchange import State


def write_laboratory(directory: Path, state: State, *, host: str = "localhost") -> Path:
    """Describe the exchange as the environment ``lab``; gives the file."""
    at_home = host == "localhost"
    lines = [
        "[environments.lab]",
        f'rest = "https://{host}:{state.port}/trade-api/v2"',
        f'websocket = "wss://{host}:{state.port}/trade-api/ws/v2"',
        f'ca_file = "{state.ca_file.as_posix()}"',
        "[environments.lab.credentials]",
        f'key_id = "{state.key_id}"',
        f'private_key_file = "{state.private_key_file.as_posix()}"',
        "[environments.lab.controls]",
        f'hosts = ["{state.controls.hosts[0]}"]' if at_home else "hosts = []",
    ]
    if at_home:
        lines.insert(1, f'resolver = "127.0.0.1:{state.dns_port}"')
    file = directory / "lab.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
