"""``.env`` files, as the settings and the engine's inspection read them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kalshi_preflight.causes.catalogue import CATALOGUE
from kalshi_preflight.engine import catalogue as of_engine
from kalshi_preflight.engine import dotenv as engine_dotenv
from kalshi_preflight.engine.catalogue import cause_of
from kalshi_preflight.engine.context import Context
from kalshi_preflight.probes.route import proxy_of, route_to
from kalshi_preflight.settings.dotenv import read_dotenv
from kalshi_preflight.settings.environments import load_environments
from kalshi_preflight.settings.errors import SettingsError
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import TARGET as PEER
from tests.fuzz.climbing import scratch
from tests.selftest.signing import material

_FOLDER = TemporaryDirectory(prefix="kalshi-preflight-fuzz-")
#: So many characters in a row of the key's body are a leak.
_PIECE = 16


@cache
def _body() -> str:
    return "".join(material.pem(material.rsa_key()).splitlines()[1:-1])


def healthy() -> Sequence[bytes]:
    """Files with settings and a pasted key, which is a fresh one."""
    good = f"KALSHI_ENV=demo\nKALSHI_API_KEY_ID={material.KEY_ID}\n"
    key = material.pem(material.rsa_key())
    inline = key.replace("\n", "\\n")
    texts = (
        f"{good}KALSHI_PRIVATE_KEY_PATH=/keys/kalshi.pem\n# a comment\n",
        f"{good}export KALSHI_PRIVATE_KEY='{key}'\nHTTPS_PROXY=http://u:p@h.test:1\n",
        f'{good}KALSHI_PRIVATE_KEY="{inline}"\nKALSHI_BASE_URL=https://x.test/\n',
        f"{good}KALSHI_PRIVATE_KEY={key}\nPYTHONHTTPSVERIFY=0\n",
        f"{good}KALSHI_PRIVATE_KEY_BASE64={_body()}\nKALSHI_API_KEY_ID_DEMO=x\n",
    )
    return [*(t.encode() for t in texts), texts[0].encode("utf-16")]


def attempt(data: bytes) -> str:
    """The remarks and findings on a file; none of them repeats the key."""
    home = Path(_FOLDER.name)
    file = scratch(home, ".env", data)
    said: list[str] = []
    outcome = _settings(file, said)
    _engine(home, said)
    body, text = _body().lower(), "\n".join(said).lower()
    pieces = {body[i : i + _PIECE] for i in range(0, len(body) - _PIECE, 7)}
    assert not any(piece in text for piece in pieces), "a piece of the key is told"
    return outcome


def _settings(file: Path, said: list[str]) -> str:
    dotenv = read_dotenv(file, v8_home=None, cwd=file.parent, windows=False)
    said += [repr(dotenv.remarks)]
    try:
        found = load_environments(None, variables={}, dotenv=dotenv, cwd=file.parent)
    except SettingsError as error:
        said.append(str(error))
        return "SettingsError"
    for environment in found.values():
        remarks = environment.credentials.remarks
        assert all(remark.cause in CATALOGUE for remark in remarks)
        said.append(repr(remarks))
        route = route_to(PEER, environment)
        said.append(repr(route))
        for setting in environment.proxies.by_scheme.values():
            said.append(repr(proxy_of(setting)))
    if not dotenv.remarks:
        return "well"
    problems = dotenv.remarks[0].particulars["problems"]
    assert isinstance(problems, list)
    return str(sorted({str(problem.get("problem")) for problem in problems}))[:60]


def _engine(home: Path, said: list[str]) -> None:
    context = Context(home=home, now_unix=1_795_320_000.0)
    facts, found = engine_dotenv.inspect(context, rsa_only=False)
    said.append(repr(facts))
    for finding in found:
        cause = cause_of(finding, context)
        said += [cause.summary, repr(of_engine.hint_for(cause))]


TARGET = Target(
    name="dotenv",
    modules=(
        "settings.dotenv",
        "settings.dotenv_scan",
        "settings.credentials",
        "settings.key_setting",
        "settings.secrets",
        "settings.trading",
        "settings.overrides",
        "settings.proxies",
        "settings.verification",
        "settings.masking",
        "settings.lookup",
        "engine.dotenv",
        "engine.dotenv_file",
        "engine.dotenv_key",
    ),
    attempt=attempt,
    short=300,
    whole=8_000,
    healthy=healthy,
    words=(
        b"KALSHI_ENV=",
        b"KALSHI_BASE_URL=https://[::1\n",
        b"KALSHI_BASE_URL=https://x:99999/\n",
        b"KALSHI_WS_URL=wss://\xff/\n",
        b"HTTPS_PROXY=http://[\n",
        b"HTTPS_PROXY=http://u:p@h:x\n",
        b"NO_PROXY=::/,[,*\n",
        b"KALSHI_PRIVATE_KEY_PATH=~\0\n",
        b"KALSHI_PRIVATE_KEY=",
        b"-----BEGIN PRIVATE KEY-----",
        b"-----END PRIVATE KEY-----\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\r",
        b"\\",
        b"'",
        b'"',
        b"${",
        b"#",
        b"=\n",
    ),
)
