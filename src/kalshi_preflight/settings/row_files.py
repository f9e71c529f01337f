"""The files that a row of an environments file names: trust anchor and private key."""

import contextlib
import ssl
from pathlib import Path

from kalshi_preflight.settings.errors import Place
from kalshi_preflight.settings.masking import shown_path
from kalshi_preflight.settings.rows import Row, table, text


def resolve(folder: Path, value: str) -> Path:
    """A path as the file's author meant it: relative to the file; ``~`` is home."""
    path = Path(value)
    with contextlib.suppress(RuntimeError):  # no home folder is known
        path = path.expanduser()
    return (folder / path).absolute()


def ca_file(place: Place, row: Row, folder: Path) -> Path | None:
    """One more trust anchor: a PEM file that holds at least one certificate."""
    if "ca_file" not in row:
        return None
    place = place.at("ca_file")
    path = resolve(folder, text(place, row["ca_file"]))
    try:
        if not path.is_file():
            raise place.error(f"{shown_path(str(path))} is not a file")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        pass  # what was loaded before the error is counted below
    except (OSError, ValueError):  # ValueError: a NUL in the path
        raise place.error(f"{shown_path(str(path))} cannot be read") from None
    if not context.cert_store_stats()["x509"]:
        raise place.error(f"{shown_path(str(path))} holds no PEM certificate")
    return path


def own_credentials(place: Place, row: Row, folder: Path) -> dict[str, object] | None:
    """The row's own credentials with the path resolved; neither is opened here.

    A missing half is no usage error: it is ``key-id-missing`` or ``key-missing``, and
    the diagnosis says so.
    """
    if "credentials" not in row:
        return None
    place = place.at("credentials")
    given = table(place, row["credentials"], ("key_id", "private_key_file"))
    own: dict[str, object] = {}
    for key, value in given.items():
        if not isinstance(value, str):
            raise place.at(key).error("(masked) is not a string")
        own[key] = value
    if own.get("private_key_file"):
        own["private_key_file"] = resolve(folder, str(own["private_key_file"]))
    return own
