"""Everything secret that was read, so that no output shows it by accident."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import Environment
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.files import FileError, read_bytes
from kalshi_preflight.settings.key_setting import key_form
from kalshi_preflight.settings.overrides import OVERRIDES

#: Shorter texts occur by chance; masking them would garble a report.
_SHORTEST = 6
_SECRET_NAME = re.compile(
    r"KEY|SECRET|PASS|TOKEN|BEARER|CREDENTIAL|EMAIL|WEBHOOK|DSN|PRIVATE", re.IGNORECASE
)
_PATH_NAME = re.compile(r"_(?:PATH|FILE|DIR)(?:_[A-Z0-9_]+)?$|KEYFILE$", re.IGNORECASE)


def secrets_of(
    environments: Iterable[Environment],
    *,
    variables: Mapping[str, str],
    dotenv: Dotenv,
    history_url: Secret | None = None,
) -> tuple[Secret, ...]:
    """Every secret text that was read: ids, keys, their lines, passwords in URLs.

    Of the process only the exchange's own variables count; of the dotenv file every
    name that sounds secret. Key files are read for their lines. Longest first, so that
    replacing one does not hide the rest of a longer one.
    """
    texts: set[str] = set()
    for environment in environments:
        texts.update(_of_credentials(environment.credentials))
        if environment.fix_logon is not None:
            texts.update(_of_credentials(environment.fix_logon.credentials))
        for proxy in environment.proxies.by_scheme.values():
            texts.update(_of_proxy(proxy.url.reveal()))
    for name, value in _named(variables, dotenv):
        texts.update(_pieces(value) if _is_secret(name, value) else ())
        texts.update(_userinfo(value) if name in _URL_NAMES else ())
    for line in dotenv.pem_lines:
        texts.update(_pieces(line.reveal()))
    if history_url is not None:
        texts.update(_passwords(history_url.reveal()))
    kept = {text for text in texts if len(text) >= _SHORTEST}
    return tuple(Secret(text) for text in sorted(kept, key=lambda t: (-len(t), t)))


_URL_NAMES = {name for names in OVERRIDES.values() for name in names}


def _named(variables: Mapping[str, str], dotenv: Dotenv) -> Iterator[tuple[str, str]]:
    for name, value in variables.items():
        if name.startswith(("KALSHI_", "PROD_KEY", "DEMO_KEY")):
            yield name, value
    for name, setting in dotenv.values.items():
        yield name, setting.value.reveal()


def _is_secret(name: str, value: str) -> bool:
    """Whether a variable's value is secret: by name, unless it is a path."""
    if "-----BEGIN" in value:
        return True
    if not _SECRET_NAME.search(name) or _PATH_NAME.search(name):
        return False
    setting = Setting(name=name, source="", value=Secret(value))
    return not (
        name.startswith("KALSHI_PRIVATE_KEY") and key_form(setting) is KeyForm.FILE
    )


def _of_credentials(credentials: Credentials) -> Iterator[str]:
    if credentials.key_id is not None:
        yield from _pieces(credentials.key_id.value.reveal())
    if credentials.private_key is None:
        return
    value = credentials.private_key.value.reveal()
    if credentials.key_form is not KeyForm.FILE or "-----BEGIN" in value:
        yield from _pieces(value)
        return
    try:
        data = read_bytes(Path(value))
    except FileError:
        return
    yield from _pieces(data.decode("utf-8", errors="replace"))


def _pieces(value: str) -> Iterator[str]:
    """A secret, its lines, and what it decodes to; framing lines are no secret."""
    bare = value.strip().strip("\"'").strip()
    yield from _lines(value)
    yield bare
    decoded = _decoded(bare)
    if decoded is not None:
        yield decoded
        yield from _lines(decoded)


def _lines(value: str) -> Iterator[str]:
    yield value
    for line in re.split(r"\\r|\\n|\s+|-----[A-Z0-9 ]+-----", value):
        bare = line.strip("\"'\\ ")
        # A blank in a PEM's framing leaves words, which are not worth a mask.
        if len(bare) >= 16:
            yield bare


def _decoded(value: str) -> str | None:
    try:
        data = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    text = data.decode("ascii", errors="ignore")
    return text if "-----BEGIN" in text else None


def _of_proxy(url: str) -> Iterator[str]:
    """Whatever stands before the last ``@``: an unescaped password breaks the URL."""
    before, found, _ = url.rpartition("@")
    if not found:
        return
    userinfo = before.rpartition("://")[2]
    user, _, password = userinfo.partition(":")
    for text in (userinfo, user, password):
        yield text
        yield unquote(text)
    plain = f"{unquote(user)}:{unquote(password)}"
    yield base64.b64encode(plain.encode()).decode("ascii")


def _passwords(url: str) -> Iterator[str]:
    """The passwords in a database's URL, as written and decoded.

    Not the user name: ``preflight`` or ``production`` would be masked wherever it is
    said. A password may stand among the options as well.
    """
    before, _, rest = url.rpartition("@")
    options = (each.partition("=") for each in re.split("[?&]", rest)[1:])
    found = [before.rpartition("://")[2].partition(":")[2]]
    found += [value for name, _, value in options if _SECRET_NAME.search(name)]
    for text in found:
        yield text
        yield unquote(text)


def _userinfo(url: str) -> Iterator[str]:
    """User name and password in a URL, as written and decoded."""
    try:
        parts = urlsplit(url)
        found = [parts.username, parts.password]
    except ValueError:
        return
    for text in filter(None, found):
        yield text
        yield unquote(text)
