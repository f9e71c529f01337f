"""Values as they may be shown in a message: never a secret, never a control character.

Where in doubt a value is masked: a message that helps less can be lived with.
"""

import re
from urllib.parse import urlsplit

MASK = "(masked)"
#: Longer values are cut: a message is one sentence.
_LONGEST = 120
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_DENSE = re.compile(r"[A-Za-z0-9+/=_]{20,}")
_USERINFO = re.compile(r"(?<=//)[^/?#]*@")
_QUERY = re.compile(r"[?#].*$", re.DOTALL)


def shown(value: object, *, quote: bool = True) -> str:
    """``value`` for a message; text is escaped, cut, and masked if it may be secret."""
    if not isinstance(value, str):
        return _shown_type(value)
    text = (
        _QUERY.sub(MASK, _USERINFO.sub(f"{MASK}@", value)) if "//" in value else value
    )
    if looks_secret(text):
        return MASK
    plain = ascii(str(text))[1:-1].replace("\\\\", "\\")
    plain = plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}..."
    return f'"{plain}"' if quote else plain


def shown_path(value: str) -> str:
    """A path for a message: paths are long and no secret, pasted keys are not paths."""
    pasted = "-----" in value or "PRIVATE KEY" in value or len(value) > 400
    dense = re.fullmatch(r"[A-Za-z0-9+/=\s\\]{100,}", value) is not None
    if pasted or dense or _UUID.fullmatch(value.strip()):
        return MASK
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in value)


def looks_secret(text: str) -> bool:
    """Whether ``text`` holds a PEM, a key id, or a run of characters like a key's."""
    if "-----" in text or "PRIVATE KEY" in text or _UUID.search(text):
        return True
    return any(_is_dense(run) for run in _DENSE.findall(text))


def host_shown(url: str) -> str:
    """The host of a URL that parses, else the masked text."""
    try:
        return urlsplit(url).hostname or shown(url)
    except ValueError:
        return shown(url)


def _is_dense(run: str) -> bool:
    """Whether a run of letters and digits looks random rather than written."""
    if re.fullmatch(r"[0-9a-fA-F]+", run):
        return True
    kinds = (str.islower, str.isupper, str.isdigit)
    return all(any(kind(character) for character in run) for kind in kinds)


def _shown_type(value: object) -> str:
    """What kind of value it is; short scalars are shown as TOML writes them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and len(text := str(value)) <= 12:
        return text
    names = {dict: "a table", list: "a list", int: "a number", float: "a number"}
    return names.get(type(value), f"a {type(value).__name__}")
