"""The key id: a UUID, repaired where only its wrapping is wrong."""

import re
from collections.abc import Callable

from kalshi_preflight.model.credentials import Setting
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.signing.problem import KeyProblem

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_PLACEHOLDER = re.compile(r"your|change|example|placeholder|xxx|<.*>|\.\.\.", re.I)


def read_key_id(setting: Setting) -> Secret:
    """The id without byte order mark, blanks, line ends and quotes around it.

    Raise :class:`KeyProblem` ``key-id-malformed`` for anything but a UUID: the
    exchange answers it as it answers an unknown id, and HTTP clients refuse or cut
    some characters without a word.
    """
    value = setting.value.reveal()
    bare = value.strip().strip("\ufeff\"'`").strip()
    if _UUID.fullmatch(bare):
        return Secret(bare)
    particulars: dict[str, object] = {
        "setting": setting.name,
        "source": setting.source,
        "looks_like": _look(bare),
        "length": len(bare),
    }
    if 30 <= len(bare) <= 40 and bare[-4:].isalnum() and bare.isascii():
        # Nearly a UUID: its end is what the exchange's own page shows of it.
        particulars["ends_with"] = Secret(bare).last_four()
    raise KeyProblem("key-id-malformed", particulars)


def _odd_characters(value: str) -> list[str]:
    return sorted({f"U+{ord(c):04X}" for c in value if not "!" <= c <= "~"})


#: What else is met in this setting, and how it is told; the first that fits counts.
_LOOKS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("a private key", lambda value: "-----" in value or "PRIVATE KEY" in value),
    ("a placeholder", _PLACEHOLDER.search),
    ("an e-mail address", lambda value: "@" in value),
    ("a text with invisible or foreign characters", _odd_characters),
    ("a UUID without its dashes", re.compile(r"[0-9a-fA-F]{32}").fullmatch),
    ("a UUID with something around it", _UUID.search),
    ("a path", re.compile(r"[/~].*|.*\.(?:pem|key|txt)").fullmatch),
)


def _look(value: str) -> str:
    found = next((look for look, fits in _LOOKS if fits(value)), "something else")
    characters = _odd_characters(value)[:4] if "characters" in found else []
    return f"{found} ({', '.join(characters)})" if characters else found
