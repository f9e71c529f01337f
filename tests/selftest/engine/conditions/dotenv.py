"""Conditions of the settings file and of the key in it: every way to paste one."""

import base64
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.selftest.engine.conditions.database import as_somebody_else
from tests.selftest.engine.workspaces import Workspace
from tests.selftest.signing.material import (
    KEY_ID,
    encrypted_pem,
    foreign_key,
    pem,
    public_pem,
    rsa_key,
)

OTHER_ID = KEY_ID.replace("0f1e", "1111")


def _inline(make: Callable[[], str]) -> Any:
    """The key in the file itself, in this form."""

    def change(ws: Workspace) -> None:
        ws.without("KALSHI_PRIVATE_KEY_PATH")
        ws.dotenv.append(f"KALSHI_PRIVATE_KEY={make()}")

    return change


def _file(make: Callable[[], str]) -> Any:
    """The key file's content."""

    def change(ws: Workspace) -> None:
        ws.later.append(lambda: _write(ws, make()))

    return change


def _write(ws: Workspace, text: str) -> None:
    ws.key_file.write_text(text, encoding="utf-8")


def _set(name: str, value: str) -> Any:
    def change(ws: Workspace) -> None:
        ws.setting(name, value)

    return change


def _added(line: str) -> Any:
    def change(ws: Workspace) -> None:
        ws.dotenv.append(line)

    return change


def _bytes(make: Callable[[bytes], bytes]) -> Any:
    """The settings file, re-encoded."""

    def change(ws: Workspace) -> None:
        def later() -> None:
            ws.dotenv_file.write_bytes(make(ws.dotenv_file.read_bytes()))

        ws.later.append(later)

    return change


def missing(ws: Workspace) -> None:
    """No file."""
    ws.later.append(ws.dotenv_file.unlink)


def wrong_name(ws: Workspace) -> None:
    """As the Explorer hides it."""
    ws.later.append(lambda: ws.dotenv_file.rename(ws.home / ".env.txt"))


def denied(ws: Workspace) -> None:
    """A file of another account."""
    ws.rights.append(lambda: as_somebody_else(ws, ws.dotenv_file))


def bom(ws: Workspace) -> None:
    """Three bytes before the first name, which is the key id's."""
    del ws.dotenv[0]
    ws.dotenv.insert(0, ws.dotenv.pop(1))
    ws.later.append(
        lambda: ws.dotenv_file.write_bytes(
            b"\xef\xbb\xbf" + ws.dotenv_file.read_bytes()
        )
    )


def no_key_id(ws: Workspace) -> None:
    """Nothing that gives an id."""
    ws.without("KALSHI_API_KEY_ID")


def near_name(ws: Workspace) -> None:
    """A name in lower case."""
    ws.without("KALSHI_API_KEY_ID")
    ws.dotenv.append(f"kalshi_api_key_id={KEY_ID}")


def override(ws: Workspace) -> None:
    """The user's own variable says something else."""
    ws.variables["KALSHI_API_KEY_ID"] = OTHER_ID


def expanded(ws: Workspace) -> None:
    """A value that some readers replace."""
    ws.dotenv.append("MM_GAMMA_WEATHER=a${X}b")


def _compact(text: str) -> str:
    return "".join(line for line in text.splitlines() if "-----" not in line)


def _cut(text: str) -> str:
    """A key without one of its lines."""
    lines = text.splitlines()
    return "\n".join([*lines[:5], *lines[6:]])


def _ed25519() -> str:
    key = ed25519.Ed25519PrivateKey.generate()
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return data.decode("ascii")


def _openssh() -> str:
    data = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return data.decode("ascii")


def old_engine(ws: Workspace) -> None:
    """A key that the code cannot use."""
    ws.code["kalshi_api.py"] = "signature = key.sign(text, padding.PSS(...))\n"
    ws.later.append(lambda: _write(ws, _ed25519()))


def both_keys(ws: Workspace) -> None:
    """A path to one key, and the base64 of another."""
    other = base64.b64encode(_ed25519().encode()).decode()
    ws.dotenv.append(f"KALSHI_PRIVATE_KEY_BASE64={other}")


def no_path(ws: Workspace) -> None:
    """A key file that is not there."""
    ws.setting("KALSHI_PRIVATE_KEY_PATH", str(ws.home / "moved.pem"))


def escaped_path(ws: Workspace) -> None:
    r"""``\n`` in double quotes."""
    ws.setting("KALSHI_PRIVATE_KEY_PATH", '"C:\\new\\test.pem"')


def relative_path(ws: Workspace) -> None:
    """A path that depends on the working folder."""
    ws.setting("KALSHI_PRIVATE_KEY_PATH", ws.key_file.name)


def readable(ws: Workspace) -> None:
    """A key that everybody may read."""
    ws.later.append(lambda: ws.key_file.chmod(0o644))


def other_host(ws: Workspace) -> None:
    """The host of demo in an environment of production."""
    ws.setting("KALSHI_BASE_URL", "https://demo-api.kalshi.co/trade-api/v2")


def unverified(ws: Workspace) -> None:
    """Code that switches the checking off."""
    ws.code["kalshi_api.py"] = "context.verify_mode = ssl.CERT_NONE\n"


def tracked(ws: Workspace) -> None:
    """A work tree whose rules ignore the key and not the settings."""
    ws.later.append((ws.home / ".git").mkdir)
    ignore = ws.home / ".gitignore"
    ws.later.append(lambda: ignore.write_text("*.pem\n", encoding="utf-8"))


def _flat(text: str) -> str:
    return text.strip().replace("\n", " ")


def _relabelled(text: str) -> str:
    return text.replace("PRIVATE KEY-----", "PRIVATE KEY-----").replace(
        " PRIVATE KEY", " RSA PRIVATE KEY"
    )


CHANGES = {
    "env-file-missing": missing,
    "env-file-wrong-name": wrong_name,
    "env-file-unreadable": denied,
    "env-utf16": _bytes(lambda data: data.decode().encode("utf-16")),
    "env-bom": bom,
    "env-line-not-assignment": _added("KELLY_FRACTION: 0.25"),
    "env-export-prefix": _added("export KELLY_FRACTION=0.25"),
    "env-duplicate-key": _added("ENABLE_MARKET_MAKING=0"),
    "env-process-override": override,
    "env-value-quoted": _set("KALSHI_API_KEY_ID", f'"{KEY_ID}"'),
    "env-value-whitespace": _set("KALSHI_API_KEY_ID", f"{KEY_ID}\u200b"),
    "env-smart-quotes": _set("KALSHI_API_KEY_ID", f"\u201c{KEY_ID}\u201d"),
    "env-inline-comment": _set("KALSHI_API_KEY_ID", f"{KEY_ID} # mine"),
    "env-placeholder-value": _set("KALSHI_API_KEY_ID", "your-key-id-here"),
    "env-dollar-expansion": expanded,
    "env-key-missing": no_key_id,
    "env-key-name-mismatch": near_name,
    "env-key-names-conflict": _set("KALSHI_KEY_ID", OTHER_ID),
    "env-key-id-not-uuid": _set("KALSHI_API_KEY_ID", KEY_ID[:-1]),
    "env-environment-unknown": _set("KALSHI_ENV", "Production"),
    "env-host-mismatch": other_host,
    "env-dead-host": _set("KALSHI_BASE_URL", "https://trading-api.kalshi.com/v2"),
    "env-tls-verify-disabled": unverified,
    "env-file-tracked": tracked,
    "env-key-file-permissions": readable,
    "env-pem-truncated": _inline(lambda: pem(rsa_key())),
    "env-pem-bogus-variable": _added("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC/+x="),
    "env-pem-escaped-newlines": _inline(lambda: pem(rsa_key()).replace("\n", "\\n")),
    "env-pem-flattened": _inline(lambda: _flat(pem(rsa_key()))),
    "env-pem-no-framing": _inline(lambda: _compact(pem(rsa_key()))),
    "env-pem-base64": _inline(
        lambda: base64.b64encode(pem(rsa_key()).encode()).decode()
    ),
    "env-pem-dashes": _file(lambda: pem(rsa_key()).replace("-----", "----")),
    "env-pem-label-mismatch": _file(lambda: _relabelled(pem(rsa_key()))),
    "env-pem-damaged": _file(lambda: _cut(pem(rsa_key()))),
    "env-pem-encrypted": _file(encrypted_pem),
    "env-pem-public": _file(public_pem),
    "env-pem-openssh": _file(_openssh),
    "env-key-type-unsupported": _file(lambda: pem(foreign_key("EC (secp256r1)"))),
    "env-key-ed25519-old-engine": old_engine,
    "env-key-weak": _file(lambda: pem(rsa_key(1024))),
    "env-both-inline-and-path": both_keys,
    "env-key-path-missing": no_path,
    "env-key-path-escapes": escaped_path,
    "env-key-path-unexpanded": _set("KALSHI_PRIVATE_KEY_PATH", "~/kalshi.pem"),
    "env-key-path-relative": relative_path,
}
