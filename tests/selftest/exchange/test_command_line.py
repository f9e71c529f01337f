"""``python -m kalshi_preflight.exchange``."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kalshi_preflight.exchange import FAULTS, Exchange

pytestmark = pytest.mark.selftest

COMMAND = (sys.executable, "-m", "kalshi_preflight.exchange")
DEADLINE_SECONDS = 20.0


def run(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *options],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
        env=environment(),
    )


def environment(**changes: str) -> dict[str, str]:
    """Let the command find the package as this process does."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **changes}


@contextmanager
def running(state_file: Path, scratch: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command until the block ends; its temporary files go to ``scratch``."""
    process = subprocess.Popen(
        [*COMMAND, "--state", str(state_file)],
        env=environment(TMPDIR=str(scratch), TEMP=str(scratch)),
    )
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not state_file.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)  # between two looks at a file: nothing tells of it
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_told_to_stop_and_leaves_its_state_alone(
    tmp_path: Path, number: signal.Signals
) -> None:
    """A signal ends it with code 0; only the state file stays."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    state_file = tmp_path / "state.json"
    with running(state_file, scratch) as process:
        state = json.loads(state_file.read_text(encoding="utf-8"))
        assert Path(state["private_key_file"]).exists()
        process.send_signal(number)
        assert process.wait(DEADLINE_SECONDS) == 0
    assert list(scratch.iterdir()) == []
    assert {file.name for file in tmp_path.iterdir()} == {"scratch", "state.json"}


def test_state_has_the_shape_of_the_contract(tmp_path: Path) -> None:
    """The state document has every key that clients rely on."""
    with Exchange(tmp_path) as exchange:
        document = exchange.state.document()
    assert document["rest"].startswith("https://127.0.0.1:")
    assert document["rest"].endswith("/trade-api/v2")
    assert document["websocket"].endswith("/trade-api/ws/v2")
    assert set(document["fix"]) == {"host", "port", "target_comp_id"}
    assert set(document["ed25519"]) == {"key_id", "private_key_file"}
    assert {"dns", "ca_file", "key_id", "private_key_file"} < set(document)


def test_faults_are_listed() -> None:
    """``--list-faults`` prints name, layer, cause and sentence of each."""
    done = run("--list-faults")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows == [[f.name, f.layer, f.cause, f.sentence] for f in FAULTS]
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--state", "x", "--fault", "tls-expird"), "did you mean tls-expired"),
        (("--state", "x", "--listen", "nowhere"), "is not HOST:PORT"),
        ((), "--state FILE is required"),
    ],
)
def test_usage_errors_are_one_sentence(options: tuple[str, ...], told: str) -> None:
    """A wrong option ends with a usage error that says what is wrong."""
    done = run(*options)
    assert done.returncode == 2
    assert told in done.stderr.splitlines()[-1]


def test_help_explains_itself() -> None:
    """``--help`` names what it speaks and what FILE receives."""
    text = run("--help").stdout
    assert "FIX" in text
    assert "CA" in text
