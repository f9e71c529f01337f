"""The dotenv file: which one, what it gives, and what is odd about it."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kalshi_preflight.settings import Dotenv, SettingsError, read_dotenv
from tests.selftest.settings.files import dotenv
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest


def problems(found: Dotenv) -> dict[str, dict[str, Any]]:
    """The oddities of a file by name."""
    listed: list[dict[str, Any]] = []
    for remark in found.remarks:
        assert remark.cause == "dotenv-malformed"
        found_here: Any = remark.particulars["problems"]
        listed.extend(found_here)
    return {entry["problem"]: entry for entry in listed}


def values(found: Dotenv) -> dict[str, str]:
    """The values of a file."""
    return {name: setting.value.reveal() for name, setting in found.values.items()}


def test_clean_file_has_values_with_line_numbers(tmp_path: Path) -> None:
    """Comments, blank lines and quotes are understood and not remarked."""
    found = dotenv(tmp_path, "# note\n\nA=1\n\nB='x y' # note\nC=\"d\"\nD=\n")
    assert found.remarks == ()
    assert values(found) == {"A": "1", "B": "x y", "C": "d", "D": ""}
    assert found.values["B"].source == f"{tmp_path / '.env'} line 5"


def test_nothing_is_exported(tmp_path: Path) -> None:
    """The process environment stays as it was."""
    dotenv(tmp_path, "KALSHI_PREFLIGHT_PROBE=1\n")
    assert "KALSHI_PREFLIGHT_PROBE" not in os.environ


def test_which_file_is_read(tmp_path: Path) -> None:
    """The file given wins over the workspace's, that over the one here."""
    home, here, given_file = tmp_path / "v8", tmp_path / "here", tmp_path / "my.env"
    for folder in (home, here):
        folder.mkdir()
    assert read_dotenv(None, v8_home=home, cwd=here) == Dotenv()
    (here / ".env").write_text("A=here\n", encoding="utf-8")
    assert values(read_dotenv(None, v8_home=home, cwd=here)) == {"A": "here"}
    (home / ".env").write_text("A=home\n", encoding="utf-8")
    assert values(read_dotenv(None, v8_home=home, cwd=here)) == {"A": "home"}
    given_file.write_text("A=given\n", encoding="utf-8")
    found = read_dotenv(Path("../my.env"), v8_home=home, cwd=here)
    assert values(found) == {"A": "given"}


def test_given_file_has_to_be_there(tmp_path: Path) -> None:
    """A file that was asked for and is missing, or a folder, is a usage error."""
    for path in (tmp_path / "gone", tmp_path):
        with pytest.raises(SettingsError, match="--dotenv"):
            read_dotenv(path, v8_home=None, cwd=tmp_path)


def test_folder_named_dotenv_is_no_file(tmp_path: Path) -> None:
    """A virtual environment of that name is passed over."""
    (tmp_path / ".env").mkdir()
    assert read_dotenv(None, v8_home=None, cwd=tmp_path) == Dotenv()


ODD: dict[str, tuple[str | bytes, list[int], dict[str, str]]] = {
    "bom": (b"\xef\xbb\xbfA=1\n", [1], {"A": "1"}),
    "utf-16": ("A=1\nB=2\n".encode("utf-16"), [1], {"A": "1", "B": "2"}),
    "not-utf-8": (b"A=1\n# caf\xe9\n", [2], {"A": "1"}),
    "crlf": ("A=1\r\nB=2\nC=3\r\n", [1, 3], {"A": "1", "B": "2", "C": "3"}),
    "export": ("A=1\n\nexport B=2\n", [3], {"A": "1", "B": "2"}),
    "duplicate": ("A=1\nB=2\nA=3\n", [1, 3], {"A": "3", "B": "2"}),
    "open-quote": ('A="1\nB=2\n', [1], {"B": "2"}),
    "typographic-quote": ("A=\u201c1\u201d\n", [1], {"A": "\u201c1\u201d"}),
    "no-assignment": ("A: 1\nB=2\nC\n", [1, 3], {"B": "2"}),
    "odd-name": ('$env:A="1"\n', [1], {"$env:A": "1"}),
    "escapes-in-path": (
        'KEY_PATH="C:\\new\\trade"\n',
        [1],
        {"KEY_PATH": "C:\new\trade"},
    ),
    "interpolation": ("A=a${HOME}b\n", [1], {"A": "a${HOME}b"}),
}


@pytest.mark.parametrize("problem", ODD)
def test_oddity_is_told_by_line(tmp_path: Path, problem: str) -> None:
    """Each oddity alone is named with its lines, and the values are what is left."""
    content, lines, expected = ODD[problem]
    found = dotenv(tmp_path, content)
    assert list(problems(found)) == [problem]
    assert problems(found)[problem]["lines"] == lines
    assert values(found) == expected


def test_crlf_is_at_home_on_windows(tmp_path: Path) -> None:
    """Where CR LF is the machine's own line end it is not worth a warning."""
    found = dotenv(tmp_path, "A=1\r\nB=2\r\n", windows=True)
    assert found.remarks == ()
    assert values(found) == {"A": "1", "B": "2"}


def test_quote_that_swallows_lines_is_seen(tmp_path: Path) -> None:
    """A quote that is closed only by the next quoted line is told by its line."""
    found = dotenv(tmp_path, "A=1\nB='x\nCCC=2\nD='y'\n")
    assert problems(found)["open-quote"]["lines"][0] == 2
    assert "CCC" not in values(found)


def test_names_of_duplicates_are_given(tmp_path: Path) -> None:
    """Names that are written like variables are shown, and no value ever."""
    found = dotenv(tmp_path, "KALSHI_ENV=hunter2\nKALSHI_ENV=demo\n")
    assert problems(found)["duplicate"]["names"] == ["KALSHI_ENV"]
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("quote", ["", '"', "'"])
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_pasted_key_is_cut_and_its_lines_are_no_variables(
    tmp_path: Path, quote: str, kind: str
) -> None:
    """Of an unquoted key one line is left, of a quoted one all; both are remarked."""
    key = material.rsa_key() if kind == "rsa" else material.rfc8032_key()
    text = material.pem(key).strip()
    found = dotenv(tmp_path, f"A=1\nKALSHI_PRIVATE_KEY={quote}{text}{quote}\nB=2\n")
    value = values(found)["KALSHI_PRIVATE_KEY"]
    assert value == (text if quote else "-----BEGIN PRIVATE KEY-----")
    assert set(values(found)) == {"A", "B", "KALSHI_PRIVATE_KEY"}
    name = "key-over-several-lines" if quote else "key-cut"
    assert list(problems(found)) == [name]
    assert problems(found)[name]["lines"] == [2]
    kept = {secret.reveal() for secret in found.pem_lines}
    body = text.splitlines()[1:-1]
    assert set(body) <= kept
    assert not any(line in repr(found) for line in body)


def test_pasted_key_without_end_stops_at_the_next_assignment(tmp_path: Path) -> None:
    """What follows a key that lost its END line is still read."""
    body = "\n".join(material.pem(material.rsa_key()).splitlines()[:9])
    found = dotenv(tmp_path, f"K={body}\nKALSHI_ENV=demo\n")
    assert values(found)["KALSHI_ENV"] == "demo"
    assert set(values(found)) == {"K", "KALSHI_ENV"}


def test_oversized_file_is_a_remark_if_it_was_only_found(tmp_path: Path) -> None:
    """A file that nobody asked for does not end the run."""
    found = dotenv(tmp_path, b"#" * ((1 << 20) + 1))
    assert list(problems(found)) == ["unreadable"]
    with pytest.raises(SettingsError, match="larger"):
        read_dotenv(tmp_path / ".env", v8_home=None, cwd=tmp_path)


@hypothesis_settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.binary(max_size=120),
        st.lists(
            st.sampled_from(
                [
                    *("A=", 'A="', "'", "\n", "\r\n", "\r", "export ", "#", "=", "\\"),
                    *("-----BEGIN PRIVATE KEY-----", "-----END", "MIIE", "\0", "${A}"),
                    *("\u2028", "\ufeff", " "),
                ]
            ),
            max_size=25,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_any_file_is_read(tmp_path: Path, data: bytes) -> None:
    """No bytes of a file raise anything, and every line number is one of the file."""
    found = dotenv(tmp_path, data)
    most = len(data.splitlines()) + data.count(b"\r") + data.count(b"\n") + 1
    for entry in problems(found).values():
        assert all(1 <= line <= most for line in entry["lines"])
