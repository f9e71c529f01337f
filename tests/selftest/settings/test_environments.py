"""The environments file: what it may say, and one exact sentence for all else."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kalshi_preflight.model.credentials import KeyForm
from kalshi_preflight.model.environment import Endpoint, EndpointKind, HostPort
from kalshi_preflight.settings import SettingsError, load_environments
from tests.selftest.settings.files import NO_DOTENV, environments

pytestmark = pytest.mark.selftest

REST, WEBSOCKET, FIX = EndpointKind.REST, EndpointKind.WEBSOCKET, EndpointKind.FIX

LAB = '[environments.lab]\nrest = "https://lab.example/v2"\n'


def refusal(folder: Path, toml: str | bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(SettingsError) as caught:
        environments(folder, toml)
    sentence = str(caught.value)
    assert str(folder / "environments.toml") in sentence
    assert "\n" not in sentence
    return sentence


def test_built_in_environments_need_no_file() -> None:
    """Production and demo are there with all endpoints, alternates and each other."""
    found = load_environments(None, variables={}, dotenv=NO_DOTENV)
    assert list(found) == ["production", "demo"]
    targets = {
        name: [str(e.target) for e in environment.endpoints.values()]
        for name, environment in found.items()
    }
    assert targets == {
        "production": [
            "api.elections.kalshi.com:443",
            "api.elections.kalshi.com:443",
            "mm.fix.elections.kalshi.com:8228",
            "marketdata.fix.elections.kalshi.com:8233",
        ],
        "demo": [
            "demo-api.kalshi.co:443",
            "demo-api.kalshi.co:443",
            "fix.demo.kalshi.co:8228",
            "marketdata.fix.demo.kalshi.co:8233",
        ],
    }
    production = found["production"]
    assert production.endpoints[REST].path == "/trade-api/v2"
    assert production.endpoints[WEBSOCKET].path == "/trade-api/ws/v2"
    assert production.endpoints[FIX].target_comp_id == "KalshiNR"
    assert [e.target.host for e in production.alternates[WEBSOCKET]] == [
        "external-api-ws.kalshi.com"
    ]
    assert (production.sibling, found["demo"].sibling) == ("demo", "production")
    assert production.required == (REST, WEBSOCKET)


def test_every_key_is_read(tmp_path: Path) -> None:
    """A row with every key of the contract becomes exactly that environment."""
    (tmp_path / "key.pem").touch()
    found = environments(
        tmp_path,
        LAB
        + """
        websocket = "wss://lab.example/ws"
        fix = { host = "fix.lab.example", port = 8230 }
        alternates = { rest = ["https://other.example/v2"] }
        resolver = "127.0.0.1:5353"
        connect_to = { "Lab.example:443" = "127.0.0.1:8443" }
        credentials = { key_id = "some-id", private_key_file = "key.pem" }
        controls = { hosts = ["127.0.0.1:1"], resolvers = ["[::1]:2"], names = ["A.b"] }
        sibling = "demo"
        required = ["fix"]
        """,
    )["lab"]
    assert found.endpoints[FIX] == Endpoint(
        kind=FIX, target=HostPort("fix.lab.example", 8230), target_comp_id="KalshiRT"
    )
    assert found.alternates[REST][0].url == "https://other.example/v2"
    assert found.resolver == HostPort("127.0.0.1", 5353)
    assert found.connect_to == {
        HostPort("lab.example", 443): HostPort("127.0.0.1", 8443)
    }
    assert found.controls.hosts == (HostPort("127.0.0.1", 1),)
    assert found.controls.resolvers == (HostPort("::1", 2),)
    assert found.controls.names == ("a.b",)
    assert (found.sibling, found.required) == ("demo", (FIX,))
    credentials = found.credentials
    assert credentials.key_id is not None
    assert credentials.key_id.value.reveal() == "some-id"
    assert credentials.private_key is not None
    assert credentials.private_key.value.reveal() == str(tmp_path / "key.pem")
    assert credentials.key_form is KeyForm.FILE


def test_only_rest_is_needed(tmp_path: Path) -> None:
    """A row with nothing but rest has one endpoint and requires that one."""
    found = environments(tmp_path, LAB)["lab"]
    assert list(found.endpoints) == [REST]
    assert found.required == (REST,)
    assert found.sibling is None


def test_row_of_a_built_in_name_overrides_only_its_keys(tmp_path: Path) -> None:
    """What a row of ``demo`` does not give stays as it was built in."""
    found = environments(
        tmp_path, '[environments.demo]\nwebsocket = "wss://new.example/ws"\n'
    )
    plain = load_environments(None, variables={}, dotenv=NO_DOTENV)
    assert found["demo"].endpoints[WEBSOCKET].target.host == "new.example"
    assert found["demo"].endpoints[REST] == plain["demo"].endpoints[REST]
    assert found["demo"].alternates == plain["demo"].alternates
    assert found["production"].endpoints == plain["production"].endpoints


def test_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    """A file that a Windows editor saved is read."""
    data = b"\xef\xbb\xbf" + LAB.replace("\n", "\r\n").encode()
    assert "lab" in environments(tmp_path, data)


REFUSED = {
    "environment = 1": "environment: unknown key (did you mean environments?); known "
    "here: environments",
    "environments = 1": "environments: 1 is not a table",
    "[environments]\nlab = 1": "environments.lab: 1 is not a table",
    LAB + 'websockets = "x"': "environments.lab.websockets: unknown key (did you mean "
    "websocket?)",
    "[environments.lab]": "environments.lab: the key rest is missing",
    "[environments.lab]\nrest = 5": "environments.lab.rest: 5 is not a string",
    "[environments.lab]\nrest = ''": "environments.lab.rest: is empty",
    "[environments.lab]\nrest = 'ftp://x.example'": "environments.lab.rest: "
    '"ftp://x.example" does not begin with https://',
    LAB + "websocket = 'https://x.example'": "environments.lab.websocket: "
    '"https://x.example" does not begin with wss://',
    LAB + "fix = 'x'": 'environments.lab.fix: "x" is not a table',
    LAB + "fix = { host = 'x' }": "environments.lab.fix: the key port is missing",
    LAB + "fix = { host = 'x', port = true }": "environments.lab.fix.port: true is not",
    LAB + "fix = { host = 'x', port = 65536 }": "environments.lab.fix.port: 65536 is",
    LAB + "fix = { host = 'a b', port = 1 }": 'environments.lab.fix.host: "a b" has a',
    LAB + "fix = { host = 'x', port = 1, target_comp_id = 'a b' }": "no FIX CompID",
    LAB + "alternates = { fix = [] }": "environments.lab.alternates.fix: unknown key",
    LAB + "alternates = { rest = 'https://x' }": "environments.lab.alternates.rest: "
    '"https://x" is not a list of strings',
    LAB + "alternates = { rest = [1] }": "1 is not a string",
    LAB + "resolver = 'dns.example:53'": "environments.lab.resolver: "
    '"dns.example:53" names a host, where an IP address is needed',
    LAB + "resolver = '127.0.0.1'": '"127.0.0.1" is not host:port',
    LAB + "connect_to = { x = '127.0.0.1:1' }": 'environments.lab.connect_to.x: "x" is',
    LAB + "connect_to = { 'x:1' = 'y' }": '"y" is not host:port',
    LAB + "controls = { host = [] }": "unknown key (did you mean hosts?)",
    LAB + "controls = { hosts = ['x.example:1'] }": "an IP address is needed",
    LAB + "controls = { names = ['a b'] }": "legal name",
    LAB + "credentials = { key = 'x' }": "environments.lab.credentials.key: unknown",
    LAB + "credentials = { key_id = 5 }": "(masked) is not a string",
    LAB + "sibling = 'demos'": 'environments.lab.sibling: "demos" is no other known '
    "environment (did you mean demo?); known: demo, production",
    LAB + "sibling = 'lab'": '"lab" is itself',
    LAB + "sibling = 'sandbox'": "is no other known environment",
    LAB + "required = ['rset']": "(did you mean rest?)",
    LAB + "required = ['fix']": '"fix" is not configured in this environment',
    LAB + "required = []": "environments.lab.required: is empty",
    LAB + "required = 'rest'": "is not a list of strings",
    LAB + "ca_file = 'gone.pem'": "is not a file",
    LAB + "ca_file = 'environments.toml'": "holds no PEM certificate",
    "[environments.sandbox]": "environments.sandbox: sandbox is the embedded exchange",
    "[environments.Lab]": "no name of an environment",
    "[environments.'a-b']": "no name of an environment",
    "[environments.tls]": "is a word of this suite",
    "[environments.v8]": "is a word of this suite",
    "[environments.or]": "is a word of this suite",
    "[environments.timeout]": "already a mark of pytest or of a plugin",
    "x = ": "the file is not TOML (end of document)",
    "x = [": "the file is not TOML",
    "a = 1\na = 2\nb = 3": "the file is not TOML (line 2, column 6)",
    "x = " + "[" * 5000: "the file is not TOML",
    "x = " + "1" * 5000: "the file is not TOML",
    # Parsed, this would say that `a` is no key; and a longer one take minutes.
    "a." * 1001 + "a = 1": "the file is not TOML (nested too deeply)",
}


@pytest.mark.parametrize(
    "toml", REFUSED, ids=lambda toml: str(list(REFUSED).index(toml))
)
def test_file_is_refused_in_one_exact_sentence(tmp_path: Path, toml: str) -> None:
    """Whatever is wrong is said with file, key and value."""
    assert REFUSED[toml] in refusal(tmp_path, toml)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LAB.encode("utf-16"), "looks like UTF-16"),
        (b"# \xe9\n", "is not UTF-8"),
        (b"#" * ((1 << 20) + 1), "larger than 1 MiB"),
    ],
)
def test_file_that_is_no_text_is_refused(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    """A file in another encoding, or of another kind, is named as such."""
    assert reason in refusal(tmp_path, data)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    """A file that was asked for has to be there, and has to be a file."""
    for path, reason in (
        (tmp_path / "gone.toml", "does not exist"),
        (tmp_path, "is not a file"),
        (Path("a\0b"), "does not exist|is not a path"),
    ):
        with pytest.raises(SettingsError, match=reason):
            load_environments(path, variables={}, dotenv=NO_DOTENV)


@pytest.mark.skipif(os.name != "posix", reason="pipes with a path are POSIX")
def test_pipe_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe without a writer is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SettingsError, match="is not a file"):
        load_environments(tmp_path / "pipe", variables={}, dotenv=NO_DOTENV)


KEY_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw"
UUID = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"


@pytest.mark.parametrize(
    "toml",
    [
        f"[environments.lab]\nrest = '{KEY_BODY}'",
        f"[environments.lab]\nrest = 'https://me:{KEY_BODY}@lab.example'",
        "[environments.lab]\nrest = 'https://me:word1234@lab.example'".replace(
            "word1234", "hunter2"
        ),
        f"[environments.lab]\nrest = 'https://lab.example?token={KEY_BODY}'",
        f"[environments.lab]\n'{KEY_BODY}' = 1",
        f"[environments.'{UUID}']\nrest = 'x'",
        LAB + f"sibling = '{UUID}'",
        LAB + f"required = ['{KEY_BODY}']",
        LAB + f"resolver = '{KEY_BODY}'",
        LAB + f"ca_file = '-----BEGIN {KEY_BODY}'",
        LAB + f"credentials = {{ key_id = ['{UUID}'] }}",
        LAB + f"credentials = '{UUID}'",
        f"x = '{KEY_BODY}",
    ],
)
def test_no_secret_in_a_refusal(tmp_path: Path, toml: str) -> None:
    """A secret in the wrong place is not repeated."""
    sentence = refusal(tmp_path, toml)
    assert KEY_BODY not in sentence
    assert UUID not in sentence
    assert "hunter2" not in sentence


def test_control_characters_are_escaped(tmp_path: Path) -> None:
    """A value cannot write into the terminal."""
    toml = '[environments.lab]\nrest = "\\u001b[31mred"'
    assert "\x1b" not in refusal(tmp_path, toml)


@hypothesis_settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.binary(max_size=120),
        st.text(max_size=80).map(lambda text: (LAB + text).encode()),
        st.tuples(
            st.sampled_from(["rest", "fix", "required", "ca_file", "controls", "x"]),
            st.sampled_from(["1", "''", "[]", "{}", "[1]", "{a=1}", "'a:1'", "['']"]),
        ).map(lambda pair: f"[environments.lab]\n{pair[0]} = {pair[1]}".encode()),
    )
)
def test_any_file_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    """No bytes of a file raise anything but the usage error."""
    with contextlib.suppress(SettingsError):
        environments(tmp_path, data)
