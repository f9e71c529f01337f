"""The key id is a UUID; only its wrapping is mended, and it is never shown whole."""

import json

import pytest

from kalshi_preflight.signing import KeyProblem, signer_from
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest

KEY = material.pem(material.rfc8032_key())


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        " {} ",
        "{}\r\n",
        '"{}"',
        "'{}'",
        "\ufeff{}",
        "\u00a0{}",
        '\ufeff"{}" ',
    ],
)
def test_wrapping_is_taken_off(written: str) -> None:
    """Blanks, line ends, quotes and a byte order mark around the id do no harm."""
    given = material.credentials(KEY, key_id=written.format(material.KEY_ID))
    assert signer_from(given).key_id.reveal() == material.KEY_ID


BAD = {
    material.KEY_ID[:-1]: "something else",
    material.KEY_ID.replace("-", ""): "a UUID without its dashes",
    "{" + material.KEY_ID + "}": "a UUID with something around it",
    material.KEY_ID.replace("-", "\u2013"): (
        "a text with invisible or foreign characters (U+2013)"
    ),
    material.KEY_ID + "\u200b": "a text with invisible or foreign characters (U+200B)",
    KEY: "a private key",
    "your-key-id": "a placeholder",
    "me@example.org": "a placeholder",
    "me@mail.org": "an e-mail address",
    "/home/me/id.txt": "a path",
    "prod": "something else",
}


@pytest.mark.parametrize("value", BAD)
def test_anything_else_is_malformed(value: str) -> None:
    """What is no UUID is refused, with what it looks like and without itself."""
    with pytest.raises(KeyProblem) as caught:
        signer_from(material.credentials(KEY, key_id=value))
    assert caught.value.cause == "key-id-malformed"
    assert caught.value.particulars["looks_like"] == BAD[value]
    assert value not in json.dumps(caught.value.particulars, ensure_ascii=False)


def test_only_the_end_of_a_near_uuid_is_shown() -> None:
    """The last four characters are shown of what is nearly an id, of others nothing."""
    for value, shown in ((material.KEY_ID[:-1], "...1e0f"), ("hunter2hunter2", None)):
        with pytest.raises(KeyProblem) as caught:
            signer_from(material.credentials(KEY, key_id=value))
        assert caught.value.particulars.get("ends_with") == shown
