"""Trust anchors: one TLS context for each set of them, and where they come from."""

import os
import re
import ssl
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kalshi_preflight.probes.certificate import describe_anchor, each_legible

#: What OpenSSL reads instead of its own list, and what httpx honours as well.
_OPENSSL_SETTINGS = ("SSL_CERT_FILE", "SSL_CERT_DIR")
#: What only some programs read; ours does not, the bot's may.
_LIBRARY_SETTINGS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PEM = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----")
#: How OpenSSL wants the files of a directory named (openssl-rehash(1)).
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")


class NoTrustStore(Exception):
    """The trust anchors that a setting names cannot be loaded."""

    def __init__(self, place: dict[str, Any]) -> None:
        super().__init__(f"{place['setting']}: {place['path']}: {place['trouble']}")
        self.place = place


@cache
def client_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A verifying context: the store that Python uses, and ``ca_file`` if given.

    Built once for each file (reading the system's store costs some 20 ms). Raises
    :class:`NoTrustStore` if ``ca_file`` cannot be loaded.
    """
    return _trusting(_verifying_context(), ca_file)


@cache
def fix_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """The same for FIX, which has no name in ALPN: nothing is offered."""
    return _trusting(_verifying_context(http=False), ca_file)


def _trusting(context: ssl.SSLContext, ca_file: Path | None) -> ssl.SSLContext:
    context.load_default_certs()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            place = file_of_anchors("ca_file", ca_file)
            place["trouble"] = place["trouble"] or _unreadable(error)
            # "From None": the errno of a file says nothing about a connection.
            raise NoTrustStore(place) from None
    return context


@cache
def public_context(*, http: bool = True) -> ssl.SSLContext:
    """A verifying context that trusts the public list of roots (certifi) alone."""
    import certifi

    context = _verifying_context(http=http)
    context.load_verify_locations(certifi.where())
    return context


def unverified_context(*, http: bool = True) -> ssl.SSLContext:
    """A context that accepts every chain, to *look* at one: nothing is sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if http:
        context.set_alpn_protocols(["http/1.1"])
    return context


def _verifying_context(*, http: bool = True) -> ssl.SSLContext:
    """As ``ssl.create_default_context``, but for three things.

    It writes no key log (``SSLKEYLOGFILE``): nobody is to read our sessions. It takes
    no common name for a server's name (RFC 9525 §6.3), as browsers and urllib3 do not.
    And ALPN offers ``http/1.1`` alone, because a WebSocket upgrade needs it (RFC 6455
    §4.1); or nothing where no HTTP is spoken.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.version_info >= (3, 13):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    if ssl.HAS_NEVER_CHECK_COMMON_NAME:
        context.hostname_checks_common_name = False
    if http:
        context.set_alpn_protocols(["http/1.1"])
    return context


def machine_store() -> dict[str, Any]:
    """Where the anchors of this machine come from, the troubled place first.

    Facts as of :func:`file_of_anchors`; ``setting`` is the variable that names the
    place, or says that it is the system's own.
    """
    named = [p for p in named_places() if p["setting"] in _OPENSSL_SETTINGS]
    troubled = [place for place in named if place["trouble"]]
    return next(iter([*troubled, *named]), None) or _of_the_system()


def anchors_in(file: Path | None) -> list[bytes]:
    """The trust anchors, in DER, of a file, or of this machine without one.

    Those in a directory are loaded by OpenSSL as they are needed, and are not here.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if file is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(file)
    return context.get_ca_certs(binary_form=True)


def anchor_facts(file: Path | None) -> tuple[dict[str, str], ...]:
    """Names and dates of the anchors in a file, or of this machine without one."""
    named = () if file else tuple(map(os.environ.get, _OPENSSL_SETTINGS))
    return _anchor_facts(file, named)


@cache
def _anchor_facts(
    file: Path | None,
    named: tuple[str | None, ...],  # what decides beside the file
) -> tuple[dict[str, str], ...]:
    """Read once: it takes some 60 ms, during which no handshake goes on."""
    return tuple(each_legible(describe_anchor, anchors_in(file)))


def useless_places() -> list[dict[str, Any]]:
    """The variables that are set, name trust anchors, and lead to none."""
    return [place for place in named_places() if place["trouble"]]


def named_places() -> tuple[dict[str, Any], ...]:
    """Every variable that is set and names trust anchors, with what is there."""
    settings = (*_OPENSSL_SETTINGS, *_LIBRARY_SETTINGS)
    return _named_places(tuple((name, os.environ.get(name)) for name in settings))


@cache
def _named_places(
    settings: tuple[tuple[str, str | None], ...],
) -> tuple[dict[str, Any], ...]:
    """Looked at once, for every journey has the same."""
    return tuple(_places(settings))


def _places(settings: Iterable[tuple[str, str | None]]) -> Iterator[dict[str, Any]]:
    for setting, value in settings:
        if not value:
            continue
        may_be_folder = setting in _LIBRARY_SETTINGS and Path(value).is_dir()
        if setting == "SSL_CERT_DIR" or may_be_folder:
            yield _directories_of_anchors(setting, value)
        else:
            yield file_of_anchors(setting, Path(value))


def file_of_anchors(setting: str, path: Path) -> dict[str, Any]:
    """Facts about a file of anchors.

    ``setting``, ``path``, ``anchors`` (how many are in it) and ``trouble``: in words
    what is wrong with it, or ``None``.
    """
    anchors, trouble = 0, None
    try:
        anchors = len(_PEM.findall(path.read_bytes()))
    except OSError as error:
        trouble = _unreadable(error)
    else:
        if not anchors:
            trouble = "holds no certificate in PEM form"
    return _place(setting, str(path), anchors, trouble)


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, IsADirectoryError):
        return "is a directory and not a file"
    if isinstance(error, PermissionError):
        return "may not be read by this user"
    return "is damaged and cannot be loaded"


def _directories_of_anchors(setting: str, value: str) -> dict[str, Any]:
    folders = [Path(part) for part in value.split(os.pathsep) if part]
    anchors = sum(map(_hashed_files, folders))
    trouble = None
    if not anchors:
        exists = any(folder.is_dir() for folder in folders)
        trouble = "holds no certificate under a hashed name" if exists else None
        trouble = trouble or "does not exist"
    return _place(setting, value, anchors, trouble)


def _hashed_files(folder: Path) -> int:
    try:
        return sum(1 for file in folder.iterdir() if _HASHED.fullmatch(file.name))
    except OSError:
        return 0


def _of_the_system() -> dict[str, Any]:
    paths = ssl.get_default_verify_paths()
    anchors = len(anchor_facts(None))
    folder = Path(paths.openssl_capath)
    anchors += _hashed_files(folder)
    where = "the Windows certificate store" if os.name == "nt" else None
    path = where or paths.cafile or paths.openssl_cafile
    trouble = None if anchors else "holds no certificate"
    return _place("the system's own list", path, anchors, trouble)


def _place(
    setting: str, path: str, anchors: int, trouble: str | None
) -> dict[str, Any]:
    return {"setting": setting, "path": path, "anchors": anchors, "trouble": trouble}
