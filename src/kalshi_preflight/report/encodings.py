"""Every form in which a secret may stand in a text.

A private key leaves a program as itself, as one of its lines, quoted for a URL, escaped
by ``repr``, JSON or HTML, in hexadecimal, or in base64 that starts at any of three
offsets; a key file may have been converted, so that only its DER bytes are the same.
"""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

# RFC 7468 section 3: the armour names the kind of what it wraps and hides nothing.
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [ -~]{1,60}?-----")
_LONGEST_PASSWORD = 400
_BASE64_OF_BEGIN = base64.b64encode(b"-----BEGIN").decode()[:12]


def _markup(text: str) -> str:
    """Escaped as MarkupSafe, and so Jinja2 and pytest-html, do it."""
    return html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


_ESCAPES: tuple[Callable[[str], str], ...] = (
    lambda text: repr(text)[1:-1],
    lambda text: ascii(text)[1:-1],
    lambda text: repr(text.encode("utf-8", "surrogatepass"))[2:-1],
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: text.replace("/", "\\/"),  # JSON as PHP and JavaScript may write it
    html.escape,
    _markup,
)


def _quoted(text: str) -> tuple[str, ...]:
    """As in a URL: everywhere, in its path, in a form, and with small letters.

    Quoting once is enough: no two characters have the same escape.
    """
    quoted = quote(text, safe="", errors="surrogatepass")
    if quoted == text:
        return ()
    small = re.sub("%..", lambda found: found[0].lower(), quoted)
    return quoted, quoted.replace("%2F", "/"), quoted.replace("%20", "+"), small


def forms(secret: str) -> set[str]:
    """All the texts that would give ``secret`` away, the armour of PEM taken out."""
    found: set[str] = set()
    for piece in pieces(secret):
        found |= escaped(piece)
        found |= set(encoded(piece.encode("utf-8", "surrogatepass")))
        # A report shown inside a report escapes what was escaped before. The lines of
        # a key are long enough to be found one by one, however they are joined.
        short = [piece] if len(piece) <= _LONGEST_PASSWORD else []
        for text in (*short, *piece.splitlines()):
            found |= {twice for once in escaped(text) for twice in escaped(once)}
        found |= _without_layout(piece)
    for der in _der(secret):
        found |= set(encoded(der))
    return found - {""}


def pieces(secret: str) -> set[str]:
    """The secret, and what it stands for: unescaped, decoded, without PEM armour."""
    texts = {secret, secret.strip(), secret.replace("\\n", "\n")}
    decoded = _decoded_pem(secret)
    if decoded:
        texts |= {decoded, decoded.replace("\\n", "\n")}
    bare = {part.strip() for text in texts for part in _ARMOUR.split(text)}
    return (bare | {text for text in texts if not _ARMOUR.search(text)}) - {""}


def escaped(text: str) -> set[str]:
    """``text`` as itself and as the escapes of the field write it."""
    return {text, *(escape(text) for escape in _ESCAPES), *_quoted(text)}


def encoded(raw: bytes) -> Iterator[str]:
    """``raw`` in hexadecimal and in base64, at whatever offset it starts."""
    for separator in ("", ":", " "):
        spelt = raw.hex(separator) if separator else raw.hex()
        yield from (spelt, spelt.upper())
    yield from (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode())
    for offset in range(3):
        aligned = base64.b64encode(bytes(offset) + raw).decode()
        # Letters that also carry bits of a neighbour differ from text to text.
        own = aligned[(0, 2, 3)[offset] : len(aligned) // 4 * 4 - 4]
        own += _last_letters(offset + len(raw), aligned)
        yield from (own, own.translate(_URL_SAFE))


def ends_of_base64(text: str) -> Iterator[str]:
    """The last letters of a text's base64, of which the very last are filled up."""
    raw = text.encode("utf-8", "surrogatepass")
    for offset in range(3):
        spelt = base64.b64encode(bytes(offset) + raw).decode()[-16:]
        yield from (spelt, spelt.translate(_URL_SAFE))


_URL_SAFE = str.maketrans("+/", "-_")


def _last_letters(length: int, aligned: str) -> str:
    """The letters of the last group of four that no neighbour can change."""
    return aligned[-4:][: (4, 1, 2)[length % 3]]


def _without_layout(piece: str) -> set[str]:
    """A text that was folded over lines, unfolded; a UUID in its other spellings."""
    unfolded = "".join(piece.split())
    if re.fullmatch(r"[0-9A-Fa-f-]{36}", piece):
        unfolded = piece.replace("-", "")
        return {s for t in (piece, unfolded) for s in (t, t.lower(), t.upper())}
    return {unfolded} | escaped(unfolded)


def _decoded_pem(secret: str) -> str | None:
    """The PEM text inside a base64 setting (``KALSHI_PRIVATE_KEY_BASE64``)."""
    folded = "".join(secret.split())
    if not folded.startswith(_BASE64_OF_BEGIN):
        return None
    whole = folded[: len(folded) // 4 * 4]
    try:
        return base64.b64decode(whole).decode("utf-8", "replace")
    except binascii.Error:
        return None


def _der(secret: str) -> Iterator[bytes]:
    """The bytes that the base64 of a PEM text stands for."""
    for text in (secret, _decoded_pem(secret) or ""):
        if not _ARMOUR.search(text):
            continue
        for body in _ARMOUR.split(text.replace("\\n", "\n")):
            folded = "".join(body.split())
            try:
                yield base64.b64decode(folded[: len(folded) // 4 * 4])
            except binascii.Error:
                continue
