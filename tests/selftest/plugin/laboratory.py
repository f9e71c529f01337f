"""An environments file for a running exchange: several runs ask the same one."""

from pathlib import Path

from kalshi_preflight.exchange import State


def write_laboratory(directory: Path, state: State, *, at: str | None = None) -> Path:
    """Describe the exchange as the environment ``lab``; gives the file.

    ``at`` is the address of an exchange that listens elsewhere than on loopback: no
    resolver and no controls of its own are there.
    """
    host = f"{'localhost' if at is None else 'api.kalshi.test'}:{state.port}"
    near = (
        f'resolver = "127.0.0.1:{state.dns_port}"',
        f'controls = {{ hosts = ["{state.controls.hosts[0]}"] }}',
    )
    far = (f'connect_to = {{ "{host}" = "{at}:{state.port}" }}',)
    lines = (
        "[environments.lab]",
        f'rest = "https://{host}/trade-api/v2"',
        f'websocket = "wss://{host}/trade-api/ws/v2"',
        f'ca_file = "{state.ca_file.as_posix()}"',
        f'credentials = {{ key_id = "{state.key_id}",'
        f' private_key_file = "{state.private_key_file.as_posix()}" }}',
        *(near if at is None else far),
    )
    file = directory / "lab.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
