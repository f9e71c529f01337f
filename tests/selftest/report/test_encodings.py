"""The forms of a secret are those that programs really write."""

import base64

import pytest

from kalshi_preflight.report.encodings import encoded, forms, pieces

pytestmark = pytest.mark.selftest


def test_pem_falls_into_its_body_alone() -> None:
    """Armour is no piece of a key; line feeds written as two letters are undone."""
    assert pieces("-----BEGIN X-----\nQUJD\nREVG\n-----END X-----\n") == {"QUJD\nREVG"}
    escaped = "-----BEGIN X-----\\nQUJD\\n-----END X-----"
    assert "QUJD" in pieces(escaped)


def test_base64_of_pem_holds_the_pem() -> None:
    """A base64 setting stands for the key that it wraps, and for itself."""
    wrapped = base64.b64encode(b"-----BEGIN X-----\nQUJD\n-----END X-----\n").decode()
    assert pieces(wrapped) == {wrapped, "QUJD"}


@pytest.mark.parametrize("damaged", ["LS0tLS1CRUdJTiB", "LS0tLS1CRUdJTiB!!!!"])
def test_damaged_base64_is_only_itself(damaged: str) -> None:
    """What cannot be decoded is no reason to fail, and still a secret."""
    assert damaged in forms(damaged)


def test_the_three_offsets_of_base64() -> None:
    """Each offset gives the letters that no neighbour can change."""
    found = set(encoded(b"secret!"))
    for before in (b"", b"x", b"xy", b"xyz"):
        whole = base64.b64encode(before + b"secret!" + b"tail").decode()
        first, last = -(-len(before) * 8 // 6), (len(before) + 7) * 8 // 6
        assert whole[first:last] in found
