"""No secret gets out, whole or in pieces, as itself or encoded; all else stays."""

import base64
import html
import json
import pprint
import re
import time
import urllib.parse
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import markupsafe
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    generate_private_key,
)
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kalshi_preflight.model.secret import Secret
from kalshi_preflight.report import redact
from kalshi_preflight.report.redact import MASK, WINDOW, Redactor
from tests.selftest.report.surveys import DNS_FAILURE, broken, degraded, made

pytestmark = pytest.mark.selftest

KEY_ID = "0d6e2a3c-1b5f-4e7a-9c8d-7f6e5d4c3b2a"
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
PKCS1 = serialization.PrivateFormat.TraditionalOpenSSL

Encoding = Callable[[str], str]
ENCODINGS: dict[str, Encoding] = {
    "raw": str,
    "repr": repr,
    "ascii": ascii,
    "repr of bytes": lambda s: repr(s.encode()),
    "json": json.dumps,
    "json, letters kept": lambda s: json.dumps(s, ensure_ascii=False),
    "html": html.escape,
    "markup": lambda s: str(markupsafe.escape(s)),
    "json in html": lambda s: html.escape(json.dumps(s)[1:-1]),
    "url": lambda s: urllib.parse.quote(s, safe=""),
    "url path": urllib.parse.quote,
    "url form": urllib.parse.quote_plus,
    "hex": lambda s: s.encode().hex(),
    "HEX": lambda s: s.encode().hex().upper(),
    "hex:hex": lambda s: s.encode().hex(":"),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "base64 in lines": lambda s: base64.encodebytes(s.encode()).decode(),
}


@cache
def rsa_pem(form: serialization.PrivateFormat = PKCS8) -> str:
    """One RSA key a run, in the form asked for."""
    raw = _rsa().private_bytes(PEM, form, serialization.NoEncryption())
    return raw.decode()


@cache
def _rsa() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@cache
def ed25519_pem() -> str:
    """One Ed25519 key a run."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(PEM, PKCS8, serialization.NoEncryption()).decode()


def windows(text: str) -> Iterator[str]:
    """Every run of 8 characters that is more than layout."""
    runs = (text[i : i + WINDOW] for i in range(len(text) - WINDOW + 1))
    return (run for run in runs if not run.isspace())


def survivors(secret: str, shown: str) -> set[str]:
    """The windows of ``secret`` that can still be read in ``shown``."""
    readable = shown.split(MASK)
    return {w for w in windows(secret) if any(w in part for part in readable)}


def body(pem: str) -> str:
    """A PEM text without its armour."""
    return "".join(line for line in pem.splitlines() if "-----" not in line)


PASSWORDS = st.text(min_size=8, max_size=60)
ODD = st.text("ab\"'\\<>&%+/=\n é€😀", min_size=8, max_size=40)
AROUND = st.text("xyz \n{}'\":", max_size=9)


@pytest.mark.parametrize("name", ENCODINGS)
@settings(max_examples=40)
@given(st.data())
def test_no_window_survives_in_any_encoding(name: str, data: st.DataObject) -> None:
    """Whatever the secret and the encoding, no 8 characters of it can be read."""
    secret = data.draw(PASSWORDS.filter(_encodable) | ODD, label="secret")
    assume("redact" not in secret)
    before, after = data.draw(AROUND), data.draw(AROUND)
    shown = Redactor([Secret(secret)]).text(before + ENCODINGS[name](secret) + after)
    if name in ("raw", "html", "markup", "json in html"):
        assert not survivors(secret, shown)
    inner = ENCODINGS[name](secret).strip("\"'b\n")
    for line in inner.split("\n"):
        assert not survivors(line, shown)


def _encodable(text: str) -> bool:
    return text.isprintable() and all(not "\ud800" <= c <= "\udfff" for c in text)


@given(PASSWORDS.filter(_encodable) | ODD, st.binary(max_size=7), st.binary(max_size=7))
@example("12345678", b"\0", b"")
def test_no_window_survives_in_base64_at_any_offset(
    secret: str, before: bytes, after: bytes
) -> None:
    """Base64 of a text that contains the secret anywhere shows nothing of it."""
    raw = secret.encode()
    whole = base64.b64encode(before + raw + after).decode()
    own = whole[-(-len(before) * 8 // 6) : (len(before) + len(raw)) * 8 // 6]
    assert not survivors(own, Redactor([Secret(secret)]).text(whole))


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("pem", [rsa_pem, ed25519_pem])
def test_no_line_of_a_private_key_survives(pem: Callable[[], str], name: str) -> None:
    """A PEM key, in any encoding, loses every line of its body, whole and joined."""
    redactor, key = Redactor([Secret(pem())]), body(pem())
    lines = [line for line in pem().splitlines() if "-----" not in line]
    for text in (pem(), pem().replace("\n", "\r\n"), key, *lines):
        encoded = ENCODINGS[name](text)
        shown = redactor.text(f"key={encoded}!")
        assert not survivors(key, shown)
        inner = encoded if text is key or text in lines else ""
        assert not survivors(inner.strip("\"'b\n").replace("\n", ""), shown)


def test_a_converted_key_is_still_the_secret() -> None:
    """PKCS #1 and PKCS #8 forms of one key share their bytes, and both are masked."""
    shown = Redactor([Secret(rsa_pem())]).text(rsa_pem(PKCS1))
    secret_part = body(rsa_pem(PKCS1))[12:-8]  # the rest is PKCS #1's own frame
    assert not survivors(secret_part, shown)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda pem: base64.b64encode(pem.encode()).decode(),
        lambda pem: base64.encodebytes(pem.encode()).decode(),
        lambda pem: pem.replace("\n", "\\n"),
    ],
    ids=["base64", "base64 in lines", "escaped line feeds"],
)
def test_a_wrapped_key_is_masked_unwrapped(wrap: Callable[[str], str]) -> None:
    """A setting that wraps the key also hides the key that it wraps."""
    assert not survivors(
        body(rsa_pem()), Redactor([Secret(wrap(rsa_pem()))]).text(rsa_pem())
    )


def test_the_armour_of_pem_is_no_secret() -> None:
    """The words BEGIN PRIVATE KEY stay readable: hints speak of them."""
    redactor = Redactor([Secret(rsa_pem()), Secret(rsa_pem(PKCS1))])
    hint = "expected -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----"
    assert redactor.text(hint) == hint
    masked = f"-----BEGIN PRIVATE KEY-----\n{MASK}\n-----END PRIVATE KEY-----\n"
    assert redactor.text(rsa_pem()) == masked


def test_pieces_as_pytest_cuts_them_are_masked() -> None:
    """Ellipses in the middle, lines of a diff and skipped beginnings hide nothing."""
    secret = body(rsa_pem())
    redactor = Redactor([Secret(rsa_pem())])
    cut = [
        f"assert '{secret[:113]}...{secret[-107:]}' == 'x'",
        "\n".join(f"E     ? - {secret[i : i + 37]}" for i in range(0, 800, 37)),
        f"Skipping 41 identical leading characters\n  - {secret[41:300]}",
        pprint.pformat({"key": secret}, width=40),
    ]
    for text in cut:
        assert not survivors(secret, redactor.text(text))


@pytest.mark.parametrize(
    "spelling", [str.lower, str.upper, lambda key_id: key_id.replace("-", "")]
)
def test_a_key_id_keeps_only_its_last_four(spelling: Callable[[str], str]) -> None:
    """However a key id is spelt it is masked; its last four characters may be shown."""
    redactor = Redactor([Secret(KEY_ID)])
    assert redactor.text(f"id {spelling(KEY_ID)}.") == f"id {MASK}."
    assert redactor.text(f"id {Secret(KEY_ID).last_four()}") == "id ...3b2a"


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("s3cr3t", "PIN s3cr3t!", "PIN [redacted]!"),
        ("s3cr3t", "s3cr3t", "[redacted]"),
        ("s3cr3t", "mys3cr3ts and s3cr3", "mys3cr3ts and s3cr3"),
        ("443x", "host:443x/443xy", "host:[redacted]/443xy"),
        ("a&b<", "x a&amp;b&lt; y a&b< z", "x [redacted] y [redacted] z"),
        ("abc", "abc", "abc"),
        ("", "nothing", "nothing"),
        ("12345678", "0123456789", "0[redacted]9"),
    ],
)
def test_short_secrets_are_masked_as_words(secret: str, text: str, shown: str) -> None:
    """Under 8 characters only the whole word goes, under 4 nothing."""
    assert Redactor([Secret(secret)]).text(text) == shown


@given(st.text(), st.text(), st.text())
def test_a_text_without_secrets_is_unchanged(one: str, two: str, three: str) -> None:
    """Nothing but secrets is touched, whatever the text."""
    text = f"{one}\n{two} {three}"
    assert _for_keys().text(text) == text


def test_source_code_and_reports_are_unchanged() -> None:
    """Two thousand lines of source and a whole document hold no false positive."""
    for path in Path(redact.__file__).parent.glob("*.*"):
        source = path.read_text(encoding="utf-8")
        assert _for_keys().text(source) == source
    document = made(broken(DNS_FAILURE), degraded())
    assert _for_keys().value(document) == document


@cache
def _for_keys() -> Redactor:
    return Redactor([Secret(rsa_pem()), Secret(ed25519_pem()), Secret(KEY_ID)])


@given(st.text("abcd efgh", max_size=60))
def test_masking_twice_changes_nothing(text: str) -> None:
    """A text that has been masked can go through again."""
    redactor = Redactor([Secret("abcdefgh abcd"), Secret("hgfe")])
    once = redactor.text(text)
    assert redactor.text(once) == once


def test_the_mask_says_nothing_of_the_length() -> None:
    """A short and a long secret leave the same mask."""
    redactor = Redactor([Secret("x1" * 4), Secret("y2" * 400)])
    assert redactor.text("x1" * 4) == redactor.text("y2" * 400) == MASK


def test_values_are_masked_to_their_depths() -> None:
    """Texts in mappings, keys too, lists and tuples are masked; their order stays."""
    redactor = Redactor([Secret(KEY_ID), Secret("9876543210")])
    value = {
        "n": 1,
        KEY_ID: [KEY_ID, ("ok", f"<{KEY_ID}>"), None, True, 1.5],
        f" {KEY_ID}": {"path": Path("a") / KEY_ID},
        KEY_ID.upper(): 9876543210,
        "held": Secret("anything"),
    }
    masked = redactor.value(value)
    assert list(masked.items()) == [
        ("n", 1),
        (MASK, [MASK, ("ok", f"<{MASK}>"), None, True, 1.5]),
        (f" {MASK}", {"path": str(Path("a") / MASK)}),
        (f"{MASK} (2)", MASK),
        ("held", MASK),
    ]


def test_no_secrets_mask_nothing() -> None:
    """Without secrets, every text and value is what it was."""
    assert Redactor([]).text(rsa_pem()) == rsa_pem()
    assert Redactor([]).value({"a": [1]}) == {"a": [1]}


def test_masking_is_linear() -> None:
    """Ten times the text takes about ten times as long, also where all is secret."""
    redactor = _for_keys()
    for unit in ("an ordinary line of a log\n", rsa_pem()):
        short = (unit * 50_000)[:100_000]
        fast = min(_seconds(redactor, short) for _ in range(3))
        slow = min(_seconds(redactor, short * 10) for _ in range(3))
        assert slow < 40 * fast


def _seconds(redactor: Redactor, text: str) -> float:
    begun = time.process_time()
    redactor.text(text)
    return time.process_time() - begun


@given(st.lists(st.integers(1, 60), max_size=30))
def test_a_secret_in_parts_is_whole_to_its_reader(cuts: list[int]) -> None:
    """However a stream is cut into writes, no 8 characters stand there in the end."""
    secret = body(ed25519_pem())
    text, parts = f"key={secret}; again {secret}", []
    for cut in cuts:
        parts.append(text[:cut])
        text = text[cut:]
    parts.append(text)
    before, shown = "", ""
    for part in parts:
        shown += _for_keys().continuation(before, part)
        before += part
    assert not survivors(secret, shown)


@pytest.mark.parametrize("step", [1, 3, 7, 11])
def test_colours_hide_no_secret(step: int) -> None:
    """A secret that changes its colour in the middle is masked; the colours stay."""
    pieces = [KEY_ID[i : i + step] for i in range(0, len(KEY_ID), step)]
    coloured = "".join(f"\x1b[{31 + n % 7}m{piece}" for n, piece in enumerate(pieces))
    shown = _for_keys().text(f"\x1b[1mid\x1b[0m {coloured}\x1b[39;49;00m!")
    assert shown.startswith("\x1b[1mid\x1b[0m \x1b[31m")
    assert shown.endswith("\x1b[39;49;00m!")
    assert not survivors(KEY_ID, re.sub(r"\x1b\[[0-9;]*m", "", shown))
