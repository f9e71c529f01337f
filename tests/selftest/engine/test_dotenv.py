"""What is quoted of a ``.env``: words, and never a piece of a key."""

from pathlib import Path

import pytest

from kalshi_preflight.engine import dotenv
from kalshi_preflight.engine.catalogue import cause_of, hint_for
from kalshi_preflight.engine.context import Context
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest


def told(home: Path, text: str) -> str:
    """All that is said of a file with this text."""
    (home / ".env").write_text(text, encoding="utf-8")
    context = Context(home=home, now_unix=1_795_320_000.0)
    facts, found = dotenv.inspect(context, rsa_only=False)
    causes = [cause_of(finding, context) for finding in found]
    hints = [repr(hint_for(cause)) for cause in causes]
    return "\n".join([repr(facts), *(cause.summary for cause in causes), *hints])


@pytest.mark.parametrize("length", [24, 28, 36, 64])
def test_a_key_in_a_wrong_place_is_not_quoted(tmp_path: Path, length: int) -> None:
    """Of a piece of a key where an environment's name belongs, nothing is shown."""
    body = "".join(material.pem(material.rsa_key()).splitlines()[1:-1])
    piece = body[40 : 40 + length]
    said = told(tmp_path, f"KALSHI_ENV=demo\ufffd{piece}\\n{body[200:260]}\n").lower()
    assert "(masked" in said
    shown = [piece[i : i + 8] for i in range(length - 8)]
    assert not [part for part in shown if part.lower() in said]


@pytest.mark.parametrize("value", ["Production", "demo-2", "PRODUCTION", "productiom"])
def test_a_misspelt_name_is_quoted(tmp_path: Path, value: str) -> None:
    """A word that is no environment's name is shown as it stands."""
    assert value in told(tmp_path, f"KALSHI_ENV={value}\n")


def test_a_key_in_a_name_is_not_quoted(tmp_path: Path) -> None:
    """A line of a key that ends like a switch is told by its place alone."""
    said = told(tmp_path, "r6RwuVfpsDJMPZATnDuRDWHxlN6KCDNHTTPSVERIFY=0\n")
    assert "(masked) (.env line 1)" in said
    assert "RwuVfpsD" not in said


def test_a_key_id_in_a_name_is_not_quoted(tmp_path: Path) -> None:
    """Hexadecimal is in letters of one size as well."""
    said = told(tmp_path, "d0f3f0e51c54be09b1f0_ssl_verify=0\n")
    assert "(masked) (.env line 1)" in said
    assert "d0f3f0e5" not in said


def test_a_name_is_quoted(tmp_path: Path) -> None:
    """A switch is called by its name, in small letters as well."""
    said = told(tmp_path, "VERIFY_SSL=0\nmy_ssl_verify=false\n")
    assert "VERIFY_SSL (.env line 1)" in said
    assert "my_ssl_verify (.env line 2)" in said


def test_the_first_name_after_a_mark_is_quoted_as_any(tmp_path: Path) -> None:
    """Behind a byte order mark may stand a piece of a key as well."""
    said = told(tmp_path, "\ufeffRwuVfpsDJMPZATnDuRDWHxlN6KCDN=1\n")
    assert "byte order mark" in said
    assert "RwuVfpsD" not in said
