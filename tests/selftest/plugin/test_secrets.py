"""No secret in any output of a whole run."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from kalshi_preflight.exchange import Exchange
from tests.selftest.runs import run_suite

pytestmark = pytest.mark.selftest

KEY_ID = "7d0f3f0e-51c5-4be0-9b1f-0c6f4ad2b9e1"
WINDOW = 8


def windows(secret: str) -> set[str]:
    """Every run of eight characters of a secret."""
    return {secret[i : i + WINDOW] for i in range(len(secret) - WINDOW + 1)}


@pytest.fixture(scope="module")
def pem() -> str:
    """A private key, made here."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.mark.parametrize("options", [["-q"], ["-vv", "--showlocals", "-s"]])
def test_a_run_shows_no_piece_of_a_key(
    tmp_path: Path, pem: str, options: list[str]
) -> None:
    """Neither screen, document, JUnit nor HTML has 8 characters of id or key."""
    junit, page = tmp_path / "junit.xml", tmp_path / "page.html"
    with Exchange(tmp_path) as exchange:
        state = exchange.state
        file = tmp_path / "lab.toml"
        file.write_text(
            "[environments.lab]\n"
            f'rest = "{state.rest}"\nwebsocket = "{state.websocket}"\n'
            f'ca_file = "{state.ca_file.as_posix()}"\n',
            encoding="utf-8",
        )
        run = run_suite(
            tmp_path / "diagnosis.json",
            "-m",
            "lab",
            f"--environments={file}",
            f"--junitxml={junit}",
            f"--html={page}",
            "--self-contained-html",
            "--log-level=DEBUG",
            "--log-cli-level=DEBUG",
            *options,
            variables={"KALSHI_API_KEY_ID": KEY_ID, "KALSHI_PRIVATE_KEY": pem},
        )
    # The exchange does not know the key, so its answer and the hint speak of it.
    assert run.environment["root_cause"]["id"] == "auth-key-unknown", run.screen
    outputs = [run.screen, str(run.document)]
    outputs += [path.read_text(encoding="utf-8") for path in (junit, page)]
    body = re.sub(r"-----.*?-----|\s", "", pem)
    for secret in (KEY_ID, body):
        for output in outputs:
            assert not [w for w in windows(secret) if w in output]
    assert f"...{KEY_ID[-4:]}" in run.screen
