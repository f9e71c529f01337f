"""The private key of the engine's settings: every way in which a pasted one breaks."""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from kalshi_preflight.engine.dotenv_file import (
    BASE64,
    INLINE,
    PATH,
    DotenvFile,
    Effective,
    bare,
    is_tracked,
    others_may_read,
)
from kalshi_preflight.engine.findings import Found
from kalshi_preflight.signing.keys import load_key
from kalshi_preflight.signing.problem import KeyProblem

_LARGEST_BYTES = 1 << 20
_ODD_DASHES = re.compile(
    r"(?<!-)-{1,4}(?: ?BEGIN|END) |[\u2010-\u2015\u2212]+ ?(?:BEGIN|END) "
    r"|BEGIN [A-Z ]*PRIVATE KEY-{1,4}(?!-)"
)
_FLAT = re.compile(r"-----BEGIN [A-Z ]+-----([^\n]{65,})-----END")

#: What keeps a key from loading, as the signing room names it, and what it is here.
_PROBLEMS = {
    "key-truncated": "env-pem-damaged",
    "key-encrypted": "env-pem-encrypted",
    "key-is-public": "env-pem-public",
    "key-type-unsupported": "env-key-type-unsupported",
    "key-too-small": "env-key-weak",
    "key-not-pem": "env-pem-damaged",
}


def judge_inline(setting: Effective, made: DotenvFile) -> Iterator[Found]:
    """What is wrong with a key that stands in the settings themselves."""
    where: dict[str, object] = {"setting": setting.name, "source": setting.source}
    value = setting.value.reveal()
    entry = made.lines.get(setting.name)
    from_file = entry is not None and setting.value is entry.value
    if from_file and _is_torn(value):
        library = made.as_parsed.get(setting.name)
        whole = library is not None and "-----END" in library.reveal()
        yield Found("env-pem-truncated", {**where, "library_reads_it": whole})
        return
    text = bare(value)
    if "BEGIN" in text and re.search(r"\\+n", text):
        yield Found("env-pem-escaped-newlines", where)
        return
    if setting.name == BASE64:
        yield from _judge_base64(text, where)
        return
    yield from judge_text(text, where)


def _judge_base64(text: str, where: dict[str, object]) -> Iterator[Found]:
    decoded = _decoded(text)
    if decoded is not None and b"-----BEGIN" in decoded:
        yield from judge_text(decoded.decode("utf-8", "replace"), where)
    else:
        yield Found("env-pem-damaged", {**where, "reason": "no base64 of a PEM"})


def _is_torn(value: str) -> bool:
    """Whether a line holds the beginning of a key and not its end."""
    begins = "-----BEGIN" in value and "PRIVATE KEY" in value
    return begins and "-----END" not in value


def judge_text(text: str, where: dict[str, object]) -> Iterator[Found]:
    """What is wrong with the text of a key; nothing if it is whole and good."""
    framing = _framing(text)
    if framing is not None:
        yield Found(framing, where)
        return
    flat = _FLAT.search(text)
    try:
        load_key(text)
    except KeyProblem as problem:
        yield _refused(problem, text, where)
        return
    if flat:
        yield Found("env-pem-flattened", where)


def _framing(text: str) -> str | None:
    """The id of what is wrong with the lines around the body, by looking at them."""
    if "OPENSSH PRIVATE KEY" in text:
        return "env-pem-openssh"
    if _ODD_DASHES.search(text):
        return "env-pem-dashes"
    if "-----BEGIN" in text:
        return None if "-----END" in text else "env-pem-truncated"
    decoded = _decoded(text)
    if decoded is None:
        return None
    return "env-pem-base64" if b"-----BEGIN" in decoded else "env-pem-no-framing"


def _decoded(text: str) -> bytes | None:
    compact = "".join(text.split())
    if len(compact) < 60:
        return None
    try:
        return base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        return None


def _refused(problem: KeyProblem, text: str, where: dict[str, object]) -> Found:
    told = {**problem.particulars, **where}
    looks = str(told.get("looks_like", ""))
    if looks.startswith("a key of another format") or _mislabelled(text):
        return Found("env-pem-label-mismatch", told)
    return Found(
        _PROBLEMS[problem.cause],
        {"reason": looks or "its body does not parse", "type": "unknown", **told},
    )


def _mislabelled(text: str) -> bool:
    """Whether the body loads as soon as the other label is written around it."""
    swaps = (("RSA PRIVATE KEY", "PRIVATE KEY"), ("PRIVATE KEY", "RSA PRIVATE KEY"))
    for old, new in swaps:
        if f"BEGIN {old}-" in text:
            try:
                load_key(text.replace(f" {old}-", f" {new}-"))
            except KeyProblem:
                continue
            return True
    return False


def kind_of(text: str) -> str | None:
    """``rsa`` or ``ed25519``, if the key loads."""
    try:
        key = load_key(text)
    except KeyProblem:
        return None
    return "rsa" if hasattr(key, "key_size") else "ed25519"


# --- keys in files --------------------------------------------------------------


def is_path(setting: Effective) -> bool:
    """Whether a setting gives a path: by its name, or by what stands in it."""
    value = bare(setting.value.reveal())
    if setting.name == PATH:
        return True
    if setting.name != INLINE or "-----" in value or len(value) > 300:
        return False
    return re.search(r"\.(?:pem|key|txt)$", value, re.IGNORECASE) is not None


def judge_path(
    setting: Effective, made: DotenvFile, home: Path
) -> tuple[list[Found], str | None]:
    """What is wrong with the path and the key behind it, and the key's text."""
    value = bare(setting.value.reveal())
    where: dict[str, object] = {
        "setting": setting.name,
        "source": setting.source,
        "key_path": "(masked)" if _may_be_key(value) else value,
    }
    if _escaped(setting, made):
        return [Found("env-key-path-escapes", where)], None
    if value.startswith("~") or re.search(r"%\w+%|\$\{?\w", value):
        return [Found("env-key-path-unexpanded", where)], None
    found = []
    absolute = Path(value).is_absolute() or PureWindowsPath(value).is_absolute()
    if not absolute:
        found.append(Found("env-key-path-relative", where))
    path = home / value
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES)
    except (OSError, ValueError):
        return [Found("env-key-path-missing", where)], None
    if mode := others_may_read(path):
        found.append(Found("env-key-file-permissions", {**where, "mode": mode}))
    if is_tracked(path):
        found.append(Found("env-file-tracked", {**where, "file": str(path)}))
    text = data.decode("utf-8-sig", "replace").strip()
    return [*found, *judge_text(text, where)], text


def _may_be_key(value: str) -> bool:
    """Whether the key itself was given where a path belongs."""
    return "-----" in value or re.fullmatch(r"[A-Za-z0-9+/=\s]{60,}", value) is not None


def _escaped(setting: Effective, made: DotenvFile) -> bool:
    r"""Whether ``\n`` or ``\t`` in double quotes became a line end or a tab."""
    library = made.as_parsed.get(setting.name)
    if library is None:
        return False
    return any(ord(character) < 32 for character in library.reveal())
