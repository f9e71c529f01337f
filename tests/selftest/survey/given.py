"""Credentials as people have them: real files and variables, by what is wrong."""

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PrivateFormat,
    PublicFormat,
)

from kalshi_preflight.exchange import State
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.settings import credentials_for, read_dotenv
from tests.selftest.signing import material
from tests.selftest.surveys import survey_environment

ANOTHER_ID = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
_ID, _KEY = "KALSHI_API_KEY_ID", "KALSHI_PRIVATE_KEY"
_GOOD_LINES = "KALSHI_API_KEY_ID={id}\nKALSHI_PRIVATE_KEY_PATH={path}\n"
_PATH, _BASE64 = "KALSHI_PRIVATE_KEY_PATH", "KALSHI_PRIVATE_KEY_BASE64"


@dataclass
class Given:
    """What a person has: variables of the process, a ``.env``, files in a folder."""

    state: State
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def pem(self) -> str:
        """The good key, as the exchange wrote it."""
        return self.state.private_key_file.read_text(encoding="ascii")

    def good(self) -> None:
        """Set the good key."""
        self.variables[_ID] = self.state.key_id
        self.variables[_PATH] = str(self.state.private_key_file)

    def file(self, data: str | bytes, mode: int = 0o600) -> None:
        """Set the good id and a key file of this content."""
        self.variables[_ID] = self.state.key_id
        path = self.folder / "kalshi key.pem"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        path.chmod(mode)
        self.variables[_PATH] = str(path)

    def dotenv(self, text: str | bytes) -> None:
        """Write the ``.env``; ``{id}`` and ``{path}`` stand for the good ones."""
        if isinstance(text, str):
            text = text.replace("{id}", self.state.key_id)
            text = text.replace("{path}", str(self.state.private_key_file))
            text = text.replace("{pem}", self.pem.strip()).encode()
        (self.folder / ".env").write_bytes(text)

    def diagnosis(self) -> Diagnosis:
        """Survey the exchange with what was given."""
        dotenv = read_dotenv(None, v8_home=None, cwd=self.folder, windows=False)
        credentials = credentials_for(
            "sandbox", variables=self.variables, dotenv=dotenv, cwd=self.folder
        )
        environment = sandbox_environment(self.state)
        return survey_environment(replace(environment, credentials=credentials))


Give = Callable[[Given], None]


def _keyed(**variables: str) -> Give:
    """Give the good id, and these."""

    def give(given: Given) -> None:
        given.variables.update({_ID: given.state.key_id, **variables})

    return give


def _with_file(data: Callable[[Given], str | bytes], mode: int = 0o600) -> Give:
    return lambda given: given.file(data(given), mode)


def _beside_good(**variables: str) -> Give:
    def give(given: Given) -> None:
        given.good()
        given.variables.update(variables)

    return give


def _in_dotenv(text: str | bytes) -> Give:
    return lambda given: given.dotenv(text)


def _an_id(value: str) -> Give:
    """Give the good key with another id."""

    def give(given: Given) -> None:
        given.good()
        given.variables[_ID] = value.replace("{id}", given.state.key_id)

    return give


def _as_file_name(name: str) -> Give:
    def give(given: Given) -> None:
        given.good()
        given.variables[_PATH] = name

    return give


def _as_folder(given: Given) -> None:
    given.good()
    given.variables[_PATH] = str(given.folder)


def _as_fifo(given: Given) -> None:
    given.good()
    os.mkfifo(given.folder / "key.pem")
    given.variables[_PATH] = str(given.folder / "key.pem")


def _utf16_id_and_all(given: Given) -> None:
    given.dotenv(f"{_ID}={given.state.key_id}\n".encode("utf-16"))


def _openssh(_: Given) -> bytes:
    return material.rsa_key().private_bytes(
        Encoding.PEM, PrivateFormat.OpenSSH, serialization.NoEncryption()
    )


def _without_lines(given: Given, first: int, last: int | None) -> str:
    return "\n".join(given.pem.splitlines()[first:last]) + "\n"


def _relabelled(given: Given) -> str:
    return given.pem.replace("RSA PRIVATE", "PRIVATE")


def _bare_id_in_place(given: Given) -> str:
    return given.state.key_id


def _escaped(given: Given) -> None:
    given.variables[_ID] = given.state.key_id
    given.variables[_KEY] = given.pem.replace("\n", "\\n")


def _base64_of_der(given: Given) -> None:
    given.variables[_ID] = given.state.key_id
    given.variables[_BASE64] = base64.b64encode(
        material.der(material.rsa_key())
    ).decode()


def _two_keys(given: Given) -> None:
    given.good()
    given.variables[_KEY] = given.pem
    other = given.folder / "other.pem"
    other.write_text(material.pem(material.rfc8032_key()), encoding="ascii")
    given.variables[_PATH] = str(other)


def _of_kind(kind: str) -> Give:
    return lambda given: given.file(material.pem(material.foreign_key(kind)))


def _keyed_by_pem(line_end: str) -> Give:
    """Give the good key inline, with its lines joined by something else."""

    def give(given: Given) -> None:
        given.variables[_ID] = given.state.key_id
        given.variables[_KEY] = given.pem.strip().replace("\n", line_end)

    return give


def _as_ed25519(given: Given) -> None:
    given.variables[_ID] = given.state.ed25519.key_id
    given.variables[_PATH] = str(given.state.ed25519.private_key_file)


def _keyed_in_base64(given: Given) -> None:
    given.variables[_ID] = given.state.key_id
    given.variables[_BASE64] = base64.b64encode(given.pem.encode()).decode()


#: What is given -> the cause that has to be found.
CASES: dict[str, tuple[str, Give]] = {
    "nothing": ("key-id-missing", lambda given: None),
    "no-id": ("key-id-missing", lambda given: given.variables.update({_PATH: "x.pem"})),
    "empty-id": ("key-id-missing", _an_id("")),
    "no-key": ("key-missing", _keyed()),
    "empty-path": ("key-missing", _keyed(**{_PATH: ""})),
    "id-short": ("key-id-malformed", _an_id("4d8b7ce3-18fc")),
    "id-undashed": ("key-id-malformed", _an_id("4d8b7ce318fc48df939ffe7b66d23791")),
    "id-mail": ("key-id-malformed", _an_id("me@example.test")),
    "id-placeholder": ("key-id-malformed", _an_id("your-api-key-id-here")),
    "id-smart-dash": (
        "key-id-malformed",
        _an_id("4d8b7ce3\u201318fc\u201348df\u2013939f\u2013fe7b66d23791"),
    ),
    "id-zero-width": ("key-id-malformed", _an_id("{id}\u200b")),
    "id-is-path": ("key-id-malformed", _an_id("/keys/kalshi.pem")),
    "file-missing": ("key-file-missing", _as_file_name("/nowhere/kalshi.pem")),
    "file-relative": ("key-file-missing", _as_file_name("keys/kalshi.key")),
    "file-tilde": ("key-file-missing", _as_file_name("~/kalshi.pem")),
    "file-variable": ("key-file-missing", _as_file_name("%USERPROFILE%\\kalshi.pem")),
    "file-escapes": ("key-file-missing", _as_file_name("C:\new\trade\\kalshi.key")),
    "file-folder": ("key-file-unreadable", _as_folder),
    "file-fifo": ("key-file-unreadable", _as_fifo),
    "empty-file": ("key-not-pem", _with_file(lambda given: b"")),
    "text": ("key-not-pem", _with_file(lambda given: "hello")),
    "html": ("key-not-pem", _with_file(lambda given: "<!doctype html><html></html>")),
    "json": ("key-not-pem", _with_file(lambda given: '{"private_key": "MIIE"}')),
    "putty": (
        "key-not-pem",
        _with_file(lambda given: "PuTTY-User-Key-File-3: ssh-rsa"),
    ),
    "the-id": ("key-not-pem", _with_file(_bare_id_in_place)),
    "der": ("key-not-pem", _with_file(lambda given: material.der(material.rsa_key()))),
    "base64-of-der": ("key-not-pem", _base64_of_der),
    "openssh": ("key-not-pem", _with_file(_openssh)),
    "utf16": ("key-not-pem", _with_file(lambda given: given.pem.encode("utf-16"))),
    "base64-of-pem": (
        "key-not-pem",
        _with_file(lambda given: base64.b64encode(given.pem.encode())),
    ),
    "no-framing": (
        "key-not-pem",
        _with_file(lambda given: _without_lines(given, 1, -1)),
    ),
    "huge": ("key-not-pem", _with_file(lambda given: b" " * (2 << 20))),
    "relabelled": ("key-not-pem", _with_file(_relabelled)),
    "no-end": (
        "key-truncated",
        _with_file(lambda given: _without_lines(given, 0, -1)),
    ),
    "no-begin": (
        "key-truncated",
        _with_file(lambda given: _without_lines(given, 1, None)),
    ),
    "begin-only": (
        "key-truncated",
        _keyed(**{_KEY: "-----BEGIN RSA PRIVATE KEY-----"}),
    ),
    "cut-body": (
        "key-truncated",
        _with_file(lambda given: given.pem.replace(given.pem.splitlines()[3], "")),
    ),
    "dotenv-cuts-pem": (
        "key-truncated",
        _in_dotenv("KALSHI_API_KEY_ID={id}\nKALSHI_PRIVATE_KEY={pem}\n"),
    ),
    "encrypted": ("key-encrypted", _with_file(lambda given: material.encrypted_pem())),
    "encrypted-old": (
        "key-encrypted",
        _with_file(
            lambda given: material.encrypted_pem(PrivateFormat.TraditionalOpenSSL)
        ),
    ),
    "public": ("key-is-public", _with_file(lambda given: material.public_pem())),
    "public-pkcs1": (
        "key-is-public",
        _with_file(lambda given: material.public_pem(PublicFormat.PKCS1)),
    ),
    "certificate": (
        "key-is-public",
        _with_file(lambda given: material.certificate_pem()),
    ),
    "ssh-rsa": ("key-is-public", _with_file(lambda given: material.ssh_public_line())),
    **{
        f"type-{kind.split()[0].lower()}": (
            "key-type-unsupported",
            _of_kind(kind),
        )
        for kind in ("EC (secp256r1)", "DSA", "X25519", "Ed448")
    },
    "small": (
        "key-too-small",
        _with_file(lambda given: material.pem(material.rsa_key(1024))),
    ),
    "escaped": ("key-escaped-newlines", _escaped),
    "readable": ("key-readable-by-others", _with_file(lambda given: given.pem, 0o644)),
    "two-ids": ("key-names-conflict", _beside_good(KALSHI_KEY_ID=ANOTHER_ID)),
    "two-keys": ("key-names-conflict", _two_keys),
    "bearer": (
        "config-bearer-token",
        lambda given: given.variables.update({"KALSHI_API_KEY": "x" * 40}),
    ),
    "password": (
        "config-bearer-token",
        lambda given: given.variables.update(
            {"KALSHI_EMAIL": "me@example.test", "KALSHI_PASSWORD": "hunter2"}
        ),
    ),
    "env-unknown": ("config-environment-mismatch", _beside_good(KALSHI_ENV="prud")),
    "verify-off": (
        "config-verification-disabled",
        _beside_good(PYTHONHTTPSVERIFY="0"),
    ),
    "dotenv-bom": (
        "dotenv-malformed",
        _in_dotenv("\ufeff" + _GOOD_LINES),
    ),
    "dotenv-crlf": (
        "dotenv-malformed",
        _in_dotenv("KALSHI_API_KEY_ID={id}\r\nKALSHI_PRIVATE_KEY_PATH={path}\r\n"),
    ),
    "dotenv-export": (
        "dotenv-malformed",
        _in_dotenv("export " + _GOOD_LINES),
    ),
    "dotenv-duplicate": (
        "dotenv-malformed",
        _in_dotenv("KALSHI_API_KEY_ID=x\n" + _GOOD_LINES),
    ),
    "dotenv-quoted-pem": (
        "dotenv-malformed",
        _in_dotenv('KALSHI_API_KEY_ID={id}\nKALSHI_PRIVATE_KEY="{pem}"\n'),
    ),
    "dotenv-set": (
        "dotenv-malformed",
        _in_dotenv("set KALSHI_ENV=x\n" + _GOOD_LINES),
    ),
    "dotenv-colon": (
        "dotenv-malformed",
        _in_dotenv("KALSHI_NOTE: x\n" + _GOOD_LINES),
    ),
    "dotenv-unclosed": (
        "dotenv-malformed",
        _in_dotenv('KALSHI_NOTE="x\n' + _GOOD_LINES),
    ),
    "dotenv-smart-quotes": (
        "dotenv-malformed",
        _in_dotenv("KALSHI_NOTE=\u201cx\u201d\n" + _GOOD_LINES),
    ),
    "dotenv-dollar": (
        "dotenv-malformed",
        _in_dotenv("KALSHI_NOTE=pa$$${HOME}\n" + _GOOD_LINES),
    ),
    "dotenv-utf16": ("dotenv-malformed", _utf16_id_and_all),
}

#: Wrong in a way that only the exchange can tell.
SENT: dict[str, tuple[str, Give]] = {
    "another-key": (
        "auth-signature-rejected",
        _with_file(lambda given: material.pem(material.rsa_key())),
    ),
    "ed25519-for-rsa-id": (
        "auth-signature-rejected",
        _with_file(lambda given: material.pem(material.rfc8032_key())),
    ),
    "unknown-id": ("auth-key-unknown", _an_id(ANOTHER_ID)),
}

#: Forms of a ``.env`` that the common reader and ours understand alike.
HARMLESS: dict[str, Give] = {
    "quoted": _in_dotenv(
        "KALSHI_API_KEY_ID='{id}'\nKALSHI_PRIVATE_KEY_PATH=\"{path}\"\n"
    ),
    "spaces": _in_dotenv(
        "KALSHI_API_KEY_ID = {id}\nKALSHI_PRIVATE_KEY_PATH = {path}\n"
    ),
    "comment": _in_dotenv(
        "KALSHI_API_KEY_ID={id} # mine\nKALSHI_PRIVATE_KEY_PATH={path}\n"
    ),
    "id-blanks": _an_id(" {id} \n"),
    "id-no-break-space": _an_id("{id}\u00a0"),
    "id-mark": _an_id("\ufeff{id}"),
    "id-carriage-return": _an_id("{id}\r"),
    "ed25519": _as_ed25519,
    "key-crlf": _with_file(lambda given: given.pem.replace("\n", "\r\n")),
    "key-bom": _with_file(lambda given: "\ufeff" + given.pem),
    "key-one-line": _keyed_by_pem(" "),
    "key-in-base64": _keyed_in_base64,
}
