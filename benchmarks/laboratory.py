"""The laboratory: an exchange in a process of its own, and who is pointed at it."""

import contextlib
import itertools
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 60.0
State = dict[str, Any]
#: Measurements take their seconds on purpose; they are a row of their own.
QUICK = "not capabilities"


@contextlib.contextmanager
def exchange(
    folder: Path, *faults: str, listen: str = "127.0.0.1:0"
) -> Iterator[State]:
    """An exchange that misbehaves in these ways; gives its state."""
    file = folder / f"state-{'-'.join(faults) or 'healthy'}.json"
    file.unlink(missing_ok=True)  # that of an earlier one is not ours
    named = [word for fault in faults for word in ("--fault", fault)]
    command = [sys.executable, "-m", "kalshi_preflight.exchange"]
    process = subprocess.Popen(
        [*command, "--listen", listen, "--state", str(file), *named], cwd=ROOT
    )
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not file.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the exchange did not start: {faults}")
            time.sleep(0.05)
        state: State = json.loads(file.read_text(encoding="utf-8"))
        yield state
    finally:
        process.terminate()
        process.wait(30)


def port_of(state: State) -> int:
    """The port of REST and WebSocket."""
    return int(state["rest"].split(":")[2].split("/")[0])


def _described(name: str, state: State) -> str:
    """An exchange as an environment of this name, in TOML."""
    port, controls = port_of(state), json.dumps(state["controls"])
    near = state["rest"].startswith("https://127.0.0.1:")
    # Only localhost may lead to this machine; its other name is in its certificate.
    host = "localhost" if near else "api.kalshi.test"
    return f"""\
[environments.{name}]
rest = "https://{host}:{port}/trade-api/v2"
websocket = "wss://{host}:{port}/trade-api/ws/v2"
resolver = "{state["dns"]}"
ca_file = "{state["ca_file"]}"
controls = {controls.replace('": ', '" = ')}
[environments.{name}.fix]
host = "{host}"
port = {state["fix"]["port"]}
target_comp_id = "{state["fix"]["target_comp_id"]}"
[environments.{name}.credentials]
key_id = "{state["key_id"]}"
private_key_file = "{state["private_key_file"]}"
"""


def names_of(count: int) -> list[str]:
    """Names for so many environments."""
    return ["lab", *(f"lab{number}" for number in range(2, count + 1))]


def diagnosis(
    folder: Path, states: Sequence[State], count: int = 1, only: str = QUICK
) -> list[str]:
    """The suite, asked for ``count`` environments, spread over these exchanges.

    An account may read 60 times at once, so a hundred environments need two of them.
    """
    names = names_of(count)
    rows = map(_described, names, itertools.cycle(states))
    file = folder / f"environments-{port_of(states[0])}-{count}.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return [
        *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider"),
        *("-m", f"({' or '.join(names)}) and ({only})"),
        f"--environments={file}",
        f"--diagnosis={folder / 'diagnosis.json'}",
    ]


def empty_project(folder: Path, tests: int = 1) -> Path:
    """Tests that do nothing, under the settings of this project."""
    project = folder / f"empty-{tests}"
    project.mkdir()
    cases = f"@pytest.mark.parametrize('number', range({tests}))\n"
    test = "def test_nothing(number):\n    pass\n"
    text = f"import pytest\n\n{cases}{test}"
    (project / "test_nothing.py").write_text(text, encoding="utf-8")
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    own = settings.split("[tool.pytest]")[1].split("\n[")[0].splitlines()
    kept = [line for line in own if not line.startswith(("pythonpath", "testpaths"))]
    text = "[tool.pytest]\n" + "\n".join(kept)
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    return project


def empty_run() -> list[str]:
    """Pytest with the same plugins, and nothing to do."""
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]


def curl(state: State) -> list[str] | None:
    """One request with curl, if it is there."""
    if shutil.which("curl") is None:
        return None
    url = f"https://localhost:{port_of(state)}/trade-api/v2/exchange/status"
    return ["curl", "-sf", "--max-time", "5", "--cacert", state["ca_file"], url]


_HTTPX = """
import ssl, sys, httpx
context = ssl.create_default_context(cafile=sys.argv[1])
httpx.get(sys.argv[2], verify=context, timeout=5).raise_for_status()
"""


def httpx_script(state: State) -> list[str]:
    """One request with httpx, as a script would make it."""
    url = f"https://localhost:{port_of(state)}/trade-api/v2/exchange/status"
    return [sys.executable, "-c", _HTTPX, state["ca_file"], url]


@contextlib.contextmanager
def blackbox(folder: Path, state: State) -> Iterator[list[str] | None]:
    """One probe by a running blackbox_exporter, asked with curl, if both are there."""
    found = shutil.which("prometheus-blackbox-exporter")
    if found is None or shutil.which("curl") is None:
        yield None
        return
    settings = folder / "blackbox.yml"
    settings.write_text(
        "modules: {lab: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4,"
        f" tls_config: {{ca_file: {state['ca_file']}}}}}}}}}\n",
        encoding="utf-8",
    )
    address = "127.0.0.1:19115"
    process = subprocess.Popen(
        [found, f"--config.file={settings}", f"--web.listen-address={address}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        target = f"https://localhost:{port_of(state)}/trade-api/v2/exchange/status"
        url = f"http://{address}/probe?module=lab&target={target}"
        yield ["curl", "-sf", "--retry", "5", "--retry-connrefused", url]
    finally:
        process.terminate()
        process.wait(30)
