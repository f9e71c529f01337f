"""Environments files: TOML, and the rows in it."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from kalshi_preflight.probes.route import route_to
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.environments import load_environments
from kalshi_preflight.settings.errors import SettingsError
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import scratch

_FOLDER = TemporaryDirectory(prefix="kalshi-preflight-fuzz-")
#: Stands in the seeds where a secret would.
SECRET = "c0ffee00-4b5a-4978-8695-a4b3c2d1e0f9"  # noqa: S105  # nobody's


def attempt(data: bytes) -> str:
    """Environments, or one sentence that names the file and repeats no secret."""
    file = scratch(Path(_FOLDER.name), "lab.toml", data)
    try:
        found = load_environments(file, variables={}, dotenv=Dotenv())
    except SettingsError as error:
        said = str(error)
        assert SECRET not in said, said
        assert "\n" not in said, said
        return re.sub(r"\d+", "N", said.removeprefix(str(file)))[-24:]
    for environment in found.values():
        for endpoint in environment.endpoints.values():
            route_to(endpoint.target, environment)
            assert endpoint.path is not None
    assert SECRET not in repr(found)
    return "environments"


TARGET = Target(
    name="environments",
    modules=(
        "settings.environments",
        "settings.rows",
        "settings.row_files",
        "settings.addresses",
        "settings.laboratory",
        "settings.errors",
        "settings.files",
    ),
    attempt=attempt,
    short=1_000,
    whole=25_000,
    words=(
        b"[environments.lab]\n",
        b"[environments.production]\n",
        b"[[environments.lab]]\n",
        b"rest = ",
        b'resolver = "[::1]:53"\n',
        b'resolver = "127.0.0.1:99999"\n',
        b'connect_to = { "x:1" = 5 }\n',
        b"controls = { hosts = [[]] }\n",
        b'required = ["fix"]\n',
        b"1e400",
        b"inf",
        b"9" * 5000,
        b"1979-05-27T07:32:00Z",
        b'"""',
        b"\\uD800",
        b"\\u0000",
        b"{" * 2000,
        b"[" * 2000,
        b"a." * 2000,
        b"https://[::1",
        b"https://user:pw@x.test/",
        b"wss://\xc3\xa4.test/",
    ),
)
