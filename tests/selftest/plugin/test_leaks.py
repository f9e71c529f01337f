"""Whatever a test, a hook or a library gives away: no output shows 8 characters of it.

Two things cannot be covered, because they pass no Python stream: a test that writes to
the descriptor itself under ``-s`` (``os.write(1, ...)``), and a child process that
inherits it. Pytest's own capture of descriptors, its default, is what keeps those in.
"""

import base64
import html
import json
import re
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.report.redact import MASK, WINDOW
from tests.selftest.runs import ROOT, Run, run_suite

pytestmark = [pytest.mark.selftest, pytest.mark.timeout(600)]

HERE = Path(__file__).parent
KEY_ID = "7d0f3f0e-51c5-4be0-9b1f-0c6f4ad2b9e1"
#: With all that escapes change; random, because a fixed one would stand in this file.
PASSWORD = f"p\"a's<w>&/ö+=%d {secrets.token_hex(6)}\\n{secrets.token_hex(6)}"
_PEM = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
#: CommonMark 2.4: a backslash before punctuation is not seen.
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
ENCODINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "URL": lambda text: quote(text, safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "repr": lambda text: repr(text)[1:-1],
}


def _pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(*_PEM, serialization.NoEncryption()).decode()


def body(pem: str) -> str:
    """A PEM text without its armour, which is no secret."""
    return "\n".join(line for line in pem.splitlines() if "-----" not in line)


# -- the outputs: adding one is adding a row ----------------------------------------


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _document(folder: Path, run: Run) -> str:
    """The document as it stands, and what a reader of JSON makes of it."""
    text = _read(folder / "diagnosis.json")
    assert run.document is not None, run.screen
    return f"{text}\n{_texts(run.document)}"


def _texts(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}\n{_texts(member)}" for key, member in value.items())
    if isinstance(value, list):
        return "\n".join(map(_texts, value))
    return str(value)


def _screen(folder: Path, run: Run) -> str:
    del folder
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", run.screen)


def _junit(folder: Path, run: Run) -> str:
    del run
    text = _read(folder / "junit.xml")
    tree = ET.fromstring(text)  # noqa: S314  # our own file
    parts = [text, *tree.itertext()]
    parts += [value for element in tree.iter() for value in element.attrib.values()]
    return "\n".join(parts)


def _history(folder: Path, run: Run) -> str:
    """Every text in every table."""
    del run
    with closing(sqlite3.connect(folder / "history.sqlite")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = [
            row
            for (table,) in tables.fetchall()
            for row in database.execute(f'SELECT * FROM "{table}"')  # noqa: S608
        ]
    return "\n".join(cell for row in rows for cell in row if isinstance(cell, str))


def _markdown(path: Path) -> str:
    """The page as it stands and as it is read, without backslashes and entities."""
    text = _read(path)
    return f"{text}\n{html.unescape(_BACKSLASH.sub('', text))}"


def _commands(folder: Path, run: Run) -> str:
    """What GitHub's runner is told, as it stands and as it is meant."""
    del folder
    lines = [line for line in run.screen.splitlines() if line.startswith("::")]
    return "\n".join([*lines, *map(unquote, lines)])


def _html(folder: Path, run: Run) -> str:
    """The page as it stands, unescaped as often as it was escaped, URIs decoded."""
    del run
    text = _read(folder / "page.html")
    assert "data-jsonblob" in text
    layers = [text]
    while len(layers) < 4 and (below := html.unescape(layers[-1])) != layers[-1]:
        layers.append(below)
    uris = re.findall(r"base64,([A-Za-z0-9+/=]+)", "\n".join(layers))
    whole = (uri.rstrip("=")[: len(uri.rstrip("=")) // 4 * 4] for uri in uris)
    layers += [base64.b64decode(uri).decode("utf-8", "replace") for uri in whole]
    return "\n".join(layers)


def _tree(folder: Path) -> str:
    """Names and contents of all that lies in a folder."""
    paths = sorted(folder.rglob("*"))
    contents = [_read(path) for path in paths if path.is_file()]
    return "\n".join([*map(str, paths), *contents])


OUTPUTS: dict[str, Callable[[Path, Run], str]] = {
    "terminal": _screen,
    "document": _document,
    "positions": lambda folder, run: _read(folder / "positions.json"),
    "JUnit": _junit,
    "HTML": _html,
    "log file": lambda folder, run: _read(folder / "run.log"),
    "trace": lambda folder, run: _read(folder / "trace.log"),
    "cache": lambda folder, run: _tree(folder / "cache"),
    "temporary folders": lambda folder, run: _tree(folder / "tmp"),
    "history": _history,
    "metrics": lambda folder, run: _read(folder / "preflight.prom"),
    "status": lambda folder, run: _markdown(folder / "status.md"),
    "job summary": lambda folder, run: _markdown(folder / "summary.md"),
    "workflow commands": _commands,
}
#: What only a run with ``--debug`` has, and one that sees an engine.
NOT_ALWAYS = {"trace", "positions"}
#: What every run is asked for, so that there is something in every output.
EVERYTHING = (
    "--junitxml={0}/junit.xml",
    "-ojunit_logging=all",
    "-ojunit_family=xunit1",
    "--html={0}/page.html",
    "--self-contained-html",
    "--log-file={0}/run.log",
    "--log-file-level=DEBUG",
    "--log-file-format=%(message)s",
    "--log-level=DEBUG",
    "--log-cli-level=DEBUG",
    "-ocache_dir={0}/cache",
    "--basetemp={0}/tmp",
    "--metrics={0}/preflight.prom",
    # Stands in the history, the metrics, the status, the summary, and in the trace.
    f"--vantage=desk of {KEY_ID}",
    "--continue-on-collection-errors",
    "-rA",
    # Against what the project asks of its own tests.
    "-ostrict_parametrization_ids=false",
    f"-c{ROOT}/pyproject.toml",
    f"--rootdir={ROOT}",
)
#: What it takes from the environment, for the rest of them.
SURROUNDINGS = {
    "PREFLIGHT_HISTORY_URL": "sqlite:///{0}/history.sqlite",
    "GITHUB_ACTIONS": "true",
    "GITHUB_STEP_SUMMARY": "{0}/summary.md",
}
#: Live tests, without which there is nothing to judge, to remember or to report.
LIVE = "test_tls or test_capabilities"
MODES = {
    "quiet": ["-q"],
    "loud": ["-vv", "--showlocals", "--color=yes", "--setup-show"],
    "uncaptured": ["-s"],
    "full trace": ["--full-trace"],
    "debug": [
        "--debug={0}/trace.log",
        *("-k", f"by_exception or test_name or broken or {LIVE}"),
    ],
    "two workers": ["-n2"],
}


class Leaking:
    """A project that leaks; ``forms`` is what must not be seen, by a harmless name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = _pem(key)
        self.other_pem = _pem(ed25519.Ed25519PrivateKey.generate())
        self.wrapped = base64.b64encode(self.other_pem.encode()).decode()
        self.forms = dict(self._forms())
        self.texts = self._texts()
        (folder / "texts.json").write_text(json.dumps(self.texts), encoding="utf-8")
        (folder / "dot.env").write_text(
            f"DB_PASSWORD={json.dumps(PASSWORD, ensure_ascii=False)}\n", "utf-8"
        )
        tests = folder / "tests"
        tests.mkdir()
        shutil.copy(HERE / "leaks.py", tests / "test_leaks.py")
        for number, text in enumerate(self.texts):
            source = f"raise ImportError({text!r})\n"
            (tests / f"test_broken_{number}.py").write_text(source, encoding="utf-8")

    def _forms(self) -> Iterator[tuple[str, str]]:
        secret = {
            "key id": KEY_ID,
            "RSA key": body(self.pem),
            "Ed25519 key": body(self.other_pem),
            "password": PASSWORD,
        }
        for name, text in secret.items():
            for encoding, encode in ENCODINGS.items():
                if encoding in ("raw", "base64") or encode(text) != text:
                    yield f"{name}, {encoding}", encode(text)
        yield "RSA key, whole", self.pem
        yield "Ed25519 key, wrapped", self.wrapped

    def _texts(self) -> list[str]:
        """Each secret as it is, and all its other forms in one text."""
        raw = [text for name, text in self.forms.items() if name.endswith(", raw")]
        other = [text for name, text in self.forms.items() if not name.endswith("raw")]
        return [*raw, "\n".join(other)]

    def windows(self) -> dict[str, set[str]]:
        """Every run of eight characters of each form that is no layout or armour."""
        found = {}
        for name, text in self.forms.items():
            kept = body(text) if "-----" in text else text
            # The beginning of a wrapped key is the armour, which is public.
            kept = kept[44:-40] if name.endswith("wrapped") else kept
            runs = (kept[i : i + WINDOW] for i in range(len(kept) - WINDOW + 1))
            found[name] = {run for run in runs if run.strip() == run}
        return found

    def variables(self, out: Path) -> dict[str, str]:
        """The environment of a run: where secrets are read from, and outputs go to."""
        return {
            **{name: value.format(out) for name, value in SURROUNDINGS.items()},
            "KALSHI_API_KEY_ID": KEY_ID,
            "KALSHI_PRIVATE_KEY": self.pem,
            "KALSHI_PRIVATE_KEY_BASE64_DEMO": self.wrapped,
            "LEAKS": str(self.folder / "texts.json"),
        }


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Leaking:
    """The leaking project, its secrets made here."""
    return Leaking(tmp_path_factory.mktemp("leaking"))


@pytest.mark.parametrize("mode", MODES)
def test_no_output_shows_a_piece_of_a_secret(
    leaking: Leaking, tmp_path: Path, mode: str
) -> None:
    """Forty ways to leak every form of every secret: no 8 characters, in no output."""
    folder = tmp_path / "out"
    folder.mkdir()
    with Exchange(tmp_path) as exchange:
        environments = _lab(tmp_path, exchange)
        run = run_suite(
            folder / "diagnosis.json",
            *("-p", "tests.selftest.plugin.leaky_hooks", "-p", "cacheprovider"),
            *("-m", "lab or leak", f"--environments={environments}"),
            f"--dotenv={leaking.folder}/dot.env",
            *(option.format(folder) for option in (*EVERYTHING, *MODES[mode])),
            str(ROOT / "tests" / "live"),
            str(leaking.folder / "tests"),
            variables=leaking.variables(folder),
            limit_seconds=500,
        )
    assert MASK in run.screen, run.screen
    assert run.exit_code == 1, run.screen[-3000:]
    shown = {name: read(folder, run) for name, read in OUTPUTS.items()}
    empty = {name for name, text in shown.items() if not text.strip()}
    assert empty <= NOT_ALWAYS, empty
    assert not list(_leaks(leaking, shown)), run.screen[-3000:]


def _lab(folder: Path, exchange: Exchange) -> Path:
    file = folder / "lab.toml"
    state = exchange.state
    file.write_text(
        "[environments.lab]\n"
        f'rest = "{state.rest}"\nwebsocket = "{state.websocket}"\n'
        f'ca_file = "{state.ca_file.as_posix()}"\n',
        encoding="utf-8",
    )
    return file


def _leaks(leaking: Leaking, shown: dict[str, str]) -> Iterator[str]:
    """Where which form can be read, and how much of it; never the text itself."""
    windows = leaking.windows()
    either = set().union(*windows.values())
    for output, text in shown.items():
        places = range(len(text) - WINDOW + 1)
        seen = {run for i in places if (run := text[i : i + WINDOW]) in either}
        for name, runs in windows.items():
            if runs & seen:
                yield f"{output}: {len(runs & seen)} pieces of {name}"
