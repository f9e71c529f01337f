"""The setting that hands over a private key: inline, by path, or as base64."""

import base64
import binascii
import re
from pathlib import Path, PureWindowsPath

from kalshi_preflight.model.credentials import KeyForm, Setting
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.files import FileError, read_bytes
from kalshi_preflight.settings.lookup import PROCESS

#: Variables that can only hold a path, with or without an environment's suffix.
_PATH_NAMES = ("KALSHI_PRIVATE_KEY_PATH", "KALSHI_FIX_PRIVATE_KEY_PATH")
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}[\"']?$")
_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END", re.DOTALL)


def key_form(setting: Setting) -> KeyForm:
    """How the setting hands over the key: by its name, and for the plain name by look.

    ``KALSHI_PRIVATE_KEY`` is met with both a PEM and a path in it.
    """
    if setting.name.startswith(_PATH_NAMES):
        return KeyForm.FILE
    if setting.name.startswith("KALSHI_PRIVATE_KEY_BASE64"):
        return KeyForm.BASE64
    return KeyForm.FILE if _is_path(setting.value.reveal()) else KeyForm.INLINE


def _is_path(value: str) -> bool:
    """Whether a value is a path; base64 has slashes too, but neither dot nor drive."""
    value = value.strip()
    if "-----" in value or "\n" in value or len(value) > 400:
        return False
    if _EXTENSION.search(value) or value.startswith(("~", "./", "../", ".\\", "..\\")):
        return True
    if PureWindowsPath(value).drive:
        return True
    return len(value) < 200 and value.startswith("/") and not value.endswith("=")


def located(setting: Setting, cwd: Path, dotenv: Dotenv) -> Setting:
    """The setting with a relative path resolved; any other setting unchanged.

    A path in the dotenv file is relative to that file's folder, which is where the
    engine runs; if nothing is there, to the working directory. ``~`` and ``%NAME%``
    stay as they are, because the programs that read these variables do not replace
    them.
    """
    if key_form(setting) is not KeyForm.FILE:
        return setting
    value = setting.value.reveal().strip().strip("\"'")
    folders = [cwd]
    if setting.source != PROCESS and dotenv.path is not None:
        folders.insert(0, dotenv.path.parent)
    candidates = [folder / value for folder in folders]
    chosen = next((path for path in candidates if _exists(path)), candidates[0])
    return Setting(name=setting.name, source=setting.source, value=Secret(str(chosen)))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def key_text(setting: Setting, cwd: Path, dotenv: Dotenv) -> str | None:
    """The PEM text that a setting leads to, or ``None`` if it leads to none."""
    form = key_form(setting)
    value = setting.value.reveal()
    if form is KeyForm.INLINE:
        return value
    try:
        if form is KeyForm.BASE64:
            data = base64.b64decode("".join(value.split()), validate=True)
        else:
            data = read_bytes(Path(located(setting, cwd, dotenv).value.reveal()))
    except (FileError, binascii.Error, ValueError):
        return None
    return data.decode("utf-8", errors="replace")


def same_key(one: Setting, other: Setting, cwd: Path, dotenv: Dotenv) -> bool | None:
    """Whether two settings lead to the same PEM; ``None`` if that cannot be told."""
    bodies = [_body(key_text(setting, cwd, dotenv)) for setting in (one, other)]
    if None in bodies:
        return None
    return bodies[0] == bodies[1]


def _body(text: str | None) -> str | None:
    """The base64 of the first PEM block in ``text``, without blanks and line ends."""
    if text is None:
        return None
    text = text.replace("\\r", "").replace("\\n", "\n")
    block = _BLOCK.search(text)
    return "".join(block[1].split()) if block else None
