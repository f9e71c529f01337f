"""A key file that is missing, unreadable or open to others is said with its path."""

import os
from pathlib import Path

import pytest

from kalshi_preflight.model.credentials import KeyForm
from kalshi_preflight.signing import KeyProblem, Signer, signer_from
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest

posix_only = pytest.mark.skipif(os.name != "posix", reason="mode bits are POSIX")


def sign_with(path: Path | str) -> Signer:
    """A signer whose key is in a file."""
    return signer_from(material.credentials(str(path), KeyForm.FILE))


def problem(path: Path | str) -> KeyProblem:
    """What is wrong with a path."""
    with pytest.raises(KeyProblem) as caught:
        sign_with(path)
    return caught.value


def write_key(folder: Path, mode: int) -> Path:
    """A good key in a file with the given mode."""
    path = folder / "key.pem"
    path.write_text(material.pem(material.rfc8032_key()), encoding="ascii")
    path.chmod(mode)
    return path


@posix_only
def test_private_file_is_read_without_remark(tmp_path: Path) -> None:
    """A file that only its owner can read is as it should be."""
    assert sign_with(write_key(tmp_path, 0o600)).remarks == ()
    assert sign_with(write_key(tmp_path, 0o400)).algorithm == "ed25519"


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_file_open_to_others_is_remarked(tmp_path: Path, mode: int) -> None:
    """A file that others may read is used, and its mode is said."""
    path = write_key(tmp_path, mode)
    (remark,) = sign_with(path).remarks
    assert remark.cause == "key-readable-by-others"
    assert remark.particulars["mode"] == f"{mode:04o}"
    assert remark.particulars["path"] == str(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A path where nothing is gives key-file-missing with the path as resolved."""
    found = problem(tmp_path / "gone.pem")
    assert found.cause == "key-file-missing"
    assert found.particulars["path"] == str(tmp_path / "gone.pem")
    assert problem("nowhere.pem").particulars["path"] == str(Path.cwd() / "nowhere.pem")


def test_file_below_a_file_is_missing(tmp_path: Path) -> None:
    """A path through a file leads nowhere."""
    assert problem(write_key(tmp_path, 0o600) / "x").cause == "key-file-missing"


@pytest.mark.parametrize(
    ("path", "oddity"),
    [
        ("~/kalshi.pem", "home folder"),
        ("%USERPROFILE%\\kalshi.pem", "variable"),
        ("C:\new\test.pem", "escape"),
        ("-----BEGIN PRIVATE KEY-----", "the key itself"),
        ("a\0b", "escape"),
    ],
)
def test_why_nothing_is_there_is_said(path: str, oddity: str) -> None:
    """A path that no program would resolve is explained."""
    found = problem(path)
    assert found.cause == "key-file-missing"
    assert oddity in str(found.particulars["oddity"])


def test_pasted_key_in_place_of_a_path_is_not_shown() -> None:
    """A key given where a path belongs appears nowhere."""
    text = material.pem(material.rfc8032_key())
    found = problem(text)
    assert found.cause == "key-file-missing"
    assert found.particulars["path"] == "(masked)"


def test_folder_is_unreadable(tmp_path: Path) -> None:
    """A folder is no key file."""
    found = problem(tmp_path)
    assert found.cause == "key-file-unreadable"
    assert found.particulars["reason"] == "a folder"


@posix_only
def test_pipe_is_unreadable_at_once(tmp_path: Path) -> None:
    """A pipe without a writer is refused and not waited for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert problem(pipe).cause == "key-file-unreadable"


@posix_only
def test_file_of_somebody_else_is_unreadable(tmp_path: Path) -> None:
    """A file that this account may not open is told from a missing one."""
    path = write_key(tmp_path, 0o000)
    root = os.geteuid() == 0
    if root:  # root opens everything: be somebody else for one call
        os.seteuid(65534)
    try:
        found = problem(path)
    finally:
        if root:
            os.seteuid(0)
    assert found.cause == "key-file-unreadable"


def test_oversized_file_is_no_pem(tmp_path: Path) -> None:
    """A file of more than a mebibyte is not read to its end."""
    path = tmp_path / "log.txt"
    path.write_bytes(b"-" * ((1 << 20) + 1))
    assert problem(path).cause == "key-not-pem"


def test_content_of_the_file_is_judged(tmp_path: Path) -> None:
    """What is in the file has the causes of a value, and names the setting."""
    path = tmp_path / "key.der"
    path.write_bytes(material.der(material.rsa_key()))
    found = problem(path)
    assert found.cause == "key-not-pem"
    assert found.particulars["looks_like"] == "DER"
    assert found.particulars["setting"] == "KALSHI_PRIVATE_KEY"
