"""Every way to get a private key wrong has its own cause; what can be mended loads."""

import base64
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from kalshi_preflight.model.credentials import KeyForm
from kalshi_preflight.signing import KeyProblem, load_key, signer_from
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest


def problem(text: str | bytes) -> KeyProblem:
    """The problem that a text has."""
    with pytest.raises(KeyProblem) as caught:
        load_key(text)
    return caught.value


def rsa_pem() -> str:
    """A good RSA key."""
    return material.pem(material.rsa_key())


@pytest.mark.parametrize(
    "layout", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL]
)
def test_rsa_of_2048_bits_loads(layout: PrivateFormat) -> None:
    """PKCS #8 and PKCS #1 both load, whatever their first line."""
    key = load_key(material.pem(material.rsa_key(), layout))
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048


def test_ed25519_loads() -> None:
    """The kind that the exchange issues by default loads."""
    key = load_key(material.pem(material.rfc8032_key()))
    assert isinstance(key, ed25519.Ed25519PrivateKey)


REPAIRS: dict[str, Callable[[str], str]] = {
    "CR LF": lambda pem: pem.replace("\n", "\r\n"),
    "byte order mark": lambda pem: "\ufeff" + pem,
    "double quotes": lambda pem: f'"{pem}"',
    "single quotes": lambda pem: f"'{pem}'\n",
    "no final line end": lambda pem: pem.rstrip("\n"),
    "blanks around": lambda pem: f"\n  {pem} \t\n",
    "blanks for line ends": lambda pem: pem.replace("\n", " "),
    "no line ends": lambda pem: pem.replace("\n", ""),
    "indented": lambda pem: pem.replace("\n", "\n    "),
    "no-break space in the body": lambda pem: pem.replace("\n", "\n\u00a0"),
    "public half before it": lambda pem: material.public_pem() + pem,
    "certificate before it": lambda pem: material.certificate_pem() + pem,
    "words around it": lambda pem: f"my key:\n{pem}\nkeep it safe",
}


@pytest.mark.parametrize("repair", REPAIRS)
def test_harmless_damage_is_mended(repair: str) -> None:
    """What leaves the key itself whole does not keep it from loading."""
    change = REPAIRS[repair]
    key = load_key(change(rsa_pem()))
    assert key.public_key() == material.rsa_key().public_key()
    assert load_key(change(rsa_pem()).encode()).public_key() == key.public_key()


@pytest.mark.parametrize("escape", ["\\n", "\\\\n", "\\r\\n"])
def test_escaped_line_ends_are_mended_and_remarked(escape: str) -> None:
    """A literal backslash-n loads, once or twice escaped, and is said."""
    text = rsa_pem().replace("\n", escape)
    signer = signer_from(material.credentials(text))
    assert [remark.cause for remark in signer.remarks] == ["key-escaped-newlines"]
    assert signer.remarks[0].particulars["setting"] == "KALSHI_PRIVATE_KEY"


def test_whole_key_has_no_remark() -> None:
    """Nothing is said of a key that needs no mending."""
    assert signer_from(material.credentials(rsa_pem())).remarks == ()


@pytest.mark.parametrize("kind", ["EC (secp256r1)", "DSA", "X25519", "Ed448"])
def test_foreign_type_is_named(kind: str) -> None:
    """A key of a kind that the exchange does not take is named."""
    found = problem(material.pem(material.foreign_key(kind)))
    assert found.cause == "key-type-unsupported"
    assert found.particulars["type"] == kind


def test_ec_key_with_its_own_label_is_unsupported() -> None:
    """SEC 1 text is told from PKCS #8 by nothing but its label, and judged alike."""
    key = material.foreign_key("EC (secp256r1)")
    text = material.pem(key, PrivateFormat.TraditionalOpenSSL)
    assert problem(text).cause == "key-type-unsupported"


def test_unknown_algorithm_is_unsupported() -> None:
    """A key of an algorithm that the library does not know is no truncated one."""
    whole = bytearray(material.der(material.rfc8032_key()))
    at = whole.index(bytes.fromhex("06032b6570"))
    whole[at + 4] = 0x7F
    body = base64.b64encode(whole).decode()
    text = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
    assert problem(text).cause == "key-type-unsupported"


def test_small_rsa_is_too_small() -> None:
    """1024 bits load without complaint in the library and are refused here."""
    found = problem(material.pem(material.rsa_key(1024)))
    assert found.cause == "key-too-small"
    assert found.particulars == {"bits": 1024, "smallest_bits": 2048}


@pytest.mark.parametrize(
    "layout", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL]
)
def test_pass_phrase_is_asked_for(layout: PrivateFormat) -> None:
    """Both forms of encryption are told apart from damage."""
    assert problem(material.encrypted_pem(layout)).cause == "key-encrypted"


PUBLIC: dict[str, Callable[[], str]] = {
    "PUBLIC KEY": material.public_pem,
    "RSA PUBLIC KEY": lambda: material.public_pem(PublicFormat.PKCS1),
    "CERTIFICATE": material.certificate_pem,
    "an SSH public key": material.ssh_public_line,
}


@pytest.mark.parametrize("found", PUBLIC)
def test_public_half_is_named(found: str) -> None:
    """A public key or a certificate is called that."""
    made = problem(PUBLIC[found]())
    assert made.cause == "key-is-public"
    assert made.particulars["found"] == found


NOT_PEM: dict[str, Callable[[], str | bytes]] = {
    "OpenSSH": lambda: material.pem(material.rsa_key(), PrivateFormat.OpenSSH),
    "DER": lambda: material.der(material.rsa_key()),
    "JSON": lambda: json.dumps({"private_key": "x"}),
    "HTML": lambda: "<!DOCTYPE html><html><body>Log in</body></html>",
    "PPK": lambda: "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n",
    "empty": lambda: "",
    "base64 of a PEM": lambda: base64.b64encode(rsa_pem().encode()).decode(),
    "base64 without BEGIN and END lines": lambda: "\n".join(
        rsa_pem().splitlines()[1:-1]
    ),
    "UTF-16": lambda: rsa_pem().encode("utf-16"),
    "PEM with changed dashes": lambda: rsa_pem().replace("-----", "----"),
    "a key id": lambda: material.KEY_ID,
    "a path": lambda: "C:\\keys\\kalshi.pem",
    "text": lambda: "the key is in the safe",
    "binary": lambda: bytes(range(128, 256)),
    "a PEM block of another kind (DH PARAMETERS)": lambda: (
        "-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----"
    ),
}


@pytest.mark.parametrize("look", NOT_PEM)
def test_what_is_no_pem_is_said_by_its_look(look: str) -> None:
    """What was given instead of a PEM is named."""
    found = problem(NOT_PEM[look]())
    assert found.cause == "key-not-pem"
    assert found.particulars == {"looks_like": look}


def test_typographic_dashes_are_no_pem() -> None:
    """Dashes that a word processor made are named as such."""
    found = problem(rsa_pem().replace("-----", "\u2014\u2014-"))
    assert found.particulars == {"looks_like": "PEM with changed dashes"}


def test_utf16_without_mark_is_seen() -> None:
    """UTF-16 is known by its NULs too."""
    found = problem(rsa_pem().encode("utf-16-le"))
    assert found.particulars == {"looks_like": "UTF-16"}


def test_label_of_another_format_is_no_pem() -> None:
    """A PKCS #1 body under the PKCS #8 label is said to be that, both ways."""
    one = material.pem(material.rsa_key(), PrivateFormat.TraditionalOpenSSL)
    for text in (
        one.replace("RSA PRIVATE", "PRIVATE"),
        rsa_pem().replace(" PRIVATE", " RSA PRIVATE"),
    ):
        found = problem(text)
        assert found.cause == "key-not-pem"
        assert "another format" in str(found.particulars["looks_like"])


@pytest.mark.parametrize(
    "make", [rsa_pem, lambda: material.pem(material.rfc8032_key())]
)
def test_cut_anywhere_is_truncated(make: Callable[[], str]) -> None:
    """A PEM that lost its end is truncated, wherever the cut is."""
    text = make().rstrip("\n")
    for length in range(6, len(text)):
        assert problem(text[:length]).cause == "key-truncated", length


def test_lost_line_is_truncated() -> None:
    """A PEM that lost a line of its body is truncated, whichever line."""
    lines = rsa_pem().splitlines()
    for gone in range(len(lines)):
        text = "\n".join(lines[:gone] + lines[gone + 1 :])
        assert problem(text).cause == "key-truncated", gone


def test_how_much_is_missing_is_said() -> None:
    """A body that ends too early is measured by the length that it announces."""
    lines = rsa_pem().splitlines()
    found = problem("\n".join(lines[:3] + lines[4:]))
    assert found.particulars["missing_bytes"] == 48


def test_der_that_happens_to_be_text_is_der() -> None:
    """Bytes that are one whole DER sequence are no text, even if all are ASCII."""
    found = problem(b"0A" + b"a" * 0x41)
    assert found.particulars == {"looks_like": "DER"}


def test_unknown_cipher_is_encryption_too() -> None:
    """A pass phrase is needed, whatever the cipher is that asks for it."""
    text = "".join(material.encrypted_pem().splitlines()[1:-1])
    whole = bytearray(base64.b64decode(text))
    at = whole.index(bytes.fromhex("06092a864886f70d01050d"))
    whole[at + 10] = 0x7F
    body, label = base64.b64encode(whole).decode(), "ENCRYPTED PRIVATE KEY"
    text = f"-----BEGIN {label}-----\n{body}\n-----END {label}-----"
    assert problem(text).cause == "key-encrypted"


def test_changed_character_is_truncated() -> None:
    """A body that decodes but is no key any more counts as damaged."""
    lines = rsa_pem().splitlines()
    lines[5] = lines[5][::-1]
    assert problem("\n".join(lines)).cause == "key-truncated"


def test_nothing_between_the_lines_is_truncated() -> None:
    """BEGIN and END with nothing between them is no PEM of a key."""
    text = "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"
    assert problem(text).cause == "key-truncated"


def test_base64_form_is_decoded() -> None:
    """The base64 of a PEM loads under the name that says so, with line ends or not."""
    text = base64.encodebytes(rsa_pem().encode()).decode()
    signer = signer_from(material.credentials(text, KeyForm.BASE64))
    assert signer.algorithm == "rsa-pss-sha256"


BAD_BASE64: dict[str, list[Callable[[], str]]] = {
    "key-not-pem": [
        rsa_pem,
        lambda: "not base64 at all!",
        lambda: base64.b64encode(material.der(material.rsa_key())).decode(),
    ],
    "key-truncated": [
        lambda: base64.b64encode(rsa_pem().encode()).decode()[:-3],
        lambda: base64.b64encode(rsa_pem().encode()).decode()[:1200],
    ],
}


@pytest.mark.parametrize("cause", BAD_BASE64)
def test_base64_form_has_the_same_causes(cause: str) -> None:
    """What is wrong with a base64 value is told like what is wrong with a PEM."""
    for make in BAD_BASE64[cause]:
        with pytest.raises(KeyProblem) as caught:
            signer_from(material.credentials(make(), KeyForm.BASE64))
        assert caught.value.cause == cause


def test_missing_halves_say_where_was_looked() -> None:
    """Without id or key the names tried and the files read are named, id first."""
    for cause, found in (
        ("key-id-missing", material.credentials(None, key_id=None)),
        ("key-id-missing", material.credentials(rsa_pem(), key_id="  ")),
        ("key-missing", material.credentials(None)),
        ("key-missing", material.credentials(" \n")),
    ):
        with pytest.raises(KeyProblem) as caught:
            signer_from(found)
        assert caught.value.cause == cause
        assert caught.value.particulars["names_tried"] == list(found.names_tried)
        assert caught.value.particulars["files_read"] == [".env"]


def test_no_particular_holds_a_piece_of_the_key() -> None:
    """Whatever is wrong, no eight characters of the key are in what is said."""
    text = rsa_pem()
    body = "".join(text.splitlines()[1:-1])
    spoilt = [text[:900], text[40:], "\n".join(text.splitlines()[1:-1]), text + "x"]
    for given_text in [*spoilt, text.replace("-----", "--")]:
        try:
            signer_from(material.credentials(given_text))
        except KeyProblem as found:
            said = json.dumps(found.particulars) + repr(found) + str(found)
            pieces = (body[i : i + 8] for i in range(0, len(body) - 8, 8))
            assert not any(piece in said for piece in pieces)


def outcome(text: str | bytes) -> str:
    """The cause that a text gives, or that it loads."""
    try:
        load_key(text)
    except KeyProblem as found:
        return found.cause
    return "loads"


CAUSES = {
    "loads",
    "key-not-pem",
    "key-truncated",
    "key-encrypted",
    "key-is-public",
    "key-type-unsupported",
    "key-too-small",
}


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200),
        st.builds(
            "-----BEGIN {0}-----\n{1}\n-----END {0}-----".format,
            st.sampled_from(["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]),
            st.binary(max_size=80).map(lambda data: base64.b64encode(data).decode()),
        ),
    )
)
def test_anything_is_a_key_or_a_known_problem(text: str | bytes) -> None:
    """No bytes make the loader raise anything but a cause of the catalogue."""
    assert outcome(text) in CAUSES


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_key_is_a_key_or_a_known_problem(data: st.DataObject) -> None:
    """Neither does any change of a byte of a real key."""
    whole = bytearray(material.pem(material.rfc8032_key()).encode())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255))
    assert outcome(bytes(whole)) in CAUSES
