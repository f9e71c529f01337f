"""Every secret that was read is known to whoever has to mask it."""

import base64
from pathlib import Path

import pytest

from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings import load_environments, secrets_of
from kalshi_preflight.settings.masking import MASK, shown, shown_path
from tests.selftest.settings.files import NO_DOTENV, dotenv
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest


WORDS = {"KALSHI_PASSWORD": "hunter2!", "HOME_TOKEN": "not-read-by-us"}
SHORT = {"KALSHI_TOKEN": "abc"}


def revealed(folder: Path, content: str = "", **variables: str) -> list[str]:
    """The secrets of a run with this file and these variables."""
    file = dotenv(folder, content) if content else NO_DOTENV
    environments = load_environments(None, variables=variables, dotenv=file)
    found = secrets_of(environments.values(), variables=variables, dotenv=file)
    return [secret.reveal() for secret in found]


def pem() -> str:
    """A good key."""
    return material.pem(material.rsa_key())


def body() -> set[str]:
    """The lines of the key that are long enough to mean something."""
    return {line for line in pem().splitlines()[1:-1] if len(line) >= 16}


@pytest.mark.parametrize("escape", ["\n", "\\n", "\r\n", " "])
def test_inline_key_is_known_by_line(tmp_path: Path, escape: str) -> None:
    """The value as a whole and each line of it are secret, however it is written."""
    value = pem().replace("\n", escape)
    found = revealed(tmp_path, KALSHI_PRIVATE_KEY=value)
    assert body() <= set(found)
    assert value in found


def test_key_in_a_file_is_known_by_line(tmp_path: Path) -> None:
    """A key file's lines are secret, its path is not."""
    path = tmp_path / "key.pem"
    path.write_text(pem(), encoding="ascii")
    found = revealed(tmp_path, KALSHI_PRIVATE_KEY_PATH=str(path))
    assert body() <= set(found)
    assert str(path) not in found


def test_base64_key_is_known_both_ways(tmp_path: Path) -> None:
    """The base64 and what it decodes to are secret."""
    value = base64.b64encode(pem().encode()).decode()
    found = revealed(tmp_path, KALSHI_PRIVATE_KEY_BASE64=value)
    assert value in found
    assert body() <= set(found)


def test_key_that_was_cut_by_the_file_is_known(tmp_path: Path) -> None:
    """Lines of a pasted key that are nobody's value are secret all the same."""
    assert body() <= set(revealed(tmp_path, f"KALSHI_PRIVATE_KEY={pem()}"))


def test_ids_tokens_and_passwords_are_known(tmp_path: Path) -> None:
    """Every secret-sounding name counts: of the file all, of the process our own."""
    found = revealed(
        tmp_path,
        "TELEGRAM_TOKEN=123456:telegram\nKALSHI_ENV=production\nMODE=cautious\n",
        KALSHI_API_KEY_ID_DEMO=f' "{material.KEY_ID}" ',
        KALSHI_BASE_URL="https://me:s3cret%21@gate.example/v2",
        **WORDS,
    )
    expected = {"123456:telegram", material.KEY_ID, "hunter2!", "s3cret!", "s3cret%21"}
    assert expected <= set(found)
    assert not {"production", "cautious", "not-read-by-us"} & set(found)


def test_longest_first_and_none_short(tmp_path: Path) -> None:
    """Masking in the order given hides a whole secret before a piece of it."""
    found = revealed(tmp_path, KALSHI_PRIVATE_KEY=pem(), **SHORT)
    assert found == sorted(found, key=len, reverse=True)
    assert "abc" not in found


@pytest.mark.parametrize(
    "value",
    [
        material.KEY_ID,
        "-----BEGIN PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEF",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_secret_looking_text_is_not_shown(value: str) -> None:
    """What may be a secret is masked in messages."""
    assert shown(value) == MASK
    assert shown(f"x{value}x") == MASK


@pytest.mark.parametrize(
    "value",
    ["production", "https://api.elections.kalshi.com/trade-api/v2", "127.0.0.1:53"],
)
def test_plain_text_is_shown(value: str) -> None:
    """What is no secret is shown as it stands."""
    assert shown(value) == f'"{value}"'


def test_path_is_shown_and_a_pasted_key_is_not() -> None:
    """Paths may be long; a key in the place of one is masked."""
    path = "/home/me/Documents/trading/2026/scalper/keys/KalshiProductionKey2026.pem"
    assert shown_path(path) == path
    assert shown_path(pem()) == MASK
    assert shown_path("".join(pem().splitlines()[1:-1])) == MASK


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://production:s3cret%21@db.lan/preflight",
        "postgresql://production:s3cret!@db.lan:5432/preflight",
        "postgresql://production@db.lan/preflight?password=s3cret%21&sslmode=require",
    ],
)
def test_the_password_of_the_history_is_known(url: str) -> None:
    """A database's password is secret, its user's name is a word that occurs."""
    known = secrets_of((), variables={}, dotenv=NO_DOTENV, history_url=Secret(url))
    assert "s3cret!" in {secret.reveal() for secret in known}
    assert "production" not in {secret.reveal() for secret in known}
