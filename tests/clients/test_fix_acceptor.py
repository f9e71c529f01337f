"""Our FIX journey against QuickFIX as acceptor, an engine that we did not write."""

import json
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    FixLogon,
    HostPort,
)
from kalshi_preflight.model.journey import Diagnosis, Reach
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.probes import fix_session
from kalshi_preflight.report.document import capability
from tests.clients.standalone import needed
from tests.clients.tls_terminator import Terminator
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.clients

PROGRAM = "tests.clients.quickfix_acceptor"
DEADLINE_SECONDS = 20
PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
SETTINGS = """\
[DEFAULT]
ConnectionType=acceptor
SocketAcceptPort={port}
StartTime=00:00:00
EndTime=00:00:00
NonStopSession=Y
CheckLatency=Y
MaxLatency=30
UseDataDictionary=Y
TransportDataDictionary={dictionaries}/FIXT11.xml
AppDataDictionary={dictionaries}/FIX50SP2.xml
DefaultApplVerID=9
[SESSION]
BeginString=FIXT.1.1
SenderCompID={target_comp_id}
TargetCompID={key_id}
"""


@dataclass(kw_only=True)
class Engine:
    """A running acceptor behind TLS, and the key that it knows."""

    directory: Path
    port: int
    ca_file: Path
    key_id: str
    key: PrivateKey
    terminator: Terminator
    received: list[dict[str, str]] = field(default_factory=list)

    def diagnose(
        self,
        *,
        target_comp_id: str = "KalshiNR",
        key_id: str = "",
        key: PrivateKey | None = None,
        logs_on: bool = True,
    ) -> Diagnosis:
        """Take the FIX journey to it."""
        key_file = self.directory / "client.pem"
        key_file.write_bytes(private_pem(key or self.key))
        key_file.chmod(0o600)
        credentials = Credentials(
            key_id=setting("id", key_id or self.key_id),
            private_key=setting("key", str(key_file)),
            key_form=KeyForm.FILE,
        )
        endpoint = Endpoint(
            kind=EndpointKind.FIX,
            target=HostPort("127.0.0.1", self.port),
            target_comp_id=target_comp_id,
        )
        environment = Environment(
            name="lab",
            endpoints={EndpointKind.FIX: endpoint},
            ca_file=self.ca_file,
            required=(EndpointKind.FIX,),
            fix_logon=FixLogon(credentials=credentials) if logs_on else None,
        )
        return survey_environment(environment, fix=True, budget_seconds=10)


def setting(name: str, value: str) -> Setting:
    """A setting, as if it had been read."""
    return Setting(name=name, source="this test", value=Secret(value))


def private_pem(key: PrivateKey) -> bytes:
    """A private key as PKCS#8."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@contextmanager
def engine(
    directory: Path,
    *,
    key: PrivateKey | None = None,
    target_comp_id: str = "KalshiNR",
    refusal: str | None = None,
) -> Iterator[Engine]:
    """Run QuickFIX with one session; afterwards ``received`` is what it has seen."""
    needed("quickfix")
    key, key_id = key or ed25519.Ed25519PrivateKey.generate(), str(uuid.uuid4())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = directory / "quickfix.cfg"
    settings.write_text(
        SETTINGS.format(
            port=port,
            dictionaries=Path(sys.prefix) / "share" / "quickfix",
            target_comp_id=target_comp_id,
            key_id=key_id,
        ),
        encoding="utf-8",
    )
    public = directory / "public.pem"
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
    )
    told = [refusal] if refusal is not None else []
    process = subprocess.Popen(
        [sys.executable, "-m", PROGRAM, str(settings), str(public), *told],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        wait_for(port, process)
        with Terminator(directory, port) as terminator:
            running = Engine(
                directory=directory,
                port=terminator.port,
                ca_file=terminator.ca_file,
                key_id=key_id,
                key=key,
                terminator=terminator,
            )
            yield running
        said, _ = process.communicate("", timeout=DEADLINE_SECONDS)
        # QuickFIX may write a line of its own before ours.
        running.received += json.loads(said.splitlines()[-1])
    finally:
        process.kill()
        process.wait(DEADLINE_SECONDS)


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Wait until the acceptor listens."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        assert process.poll() is None, "the acceptor ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "the acceptor is not ready in time"
            time.sleep(0.02)  # between two attempts: nothing tells of it
        else:
            return


def fix_session_of(diagnosis: Diagnosis) -> str:
    """The capability ``fix_session``, as the document gives it."""
    return capability(diagnosis.journey(EndpointKind.FIX), Layer.FIX)


def cause_of(diagnosis: Diagnosis) -> str:
    """The root cause; the capability is then no."""
    assert diagnosis.root_cause is not None
    assert fix_session_of(diagnosis) == "no"
    return diagnosis.root_cause.id


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_quickfix_accepts_the_whole_session(tmp_path: Path, kind: str) -> None:
    """Logon, TestRequest and Logout are taken and answered; no field too many."""
    key = (
        ed25519.Ed25519PrivateKey.generate()
        if kind == "ed25519"
        else rsa.generate_private_key(65537, 2048)
    )
    with engine(tmp_path, key=key) as quickfix:
        diagnosis = quickfix.diagnose()
    assert diagnosis.verdict is Reach.REACHABLE, diagnosis.root_cause
    assert fix_session_of(diagnosis) == "yes"
    logon, probe, logout = quickfix.received
    assert logon == {
        "35": "A",
        "49": quickfix.key_id,
        "56": "KalshiNR",
        "34": "1",
        "98": "0",
        "108": "30",
        "141": "Y",
        "1137": "9",
    }
    assert probe["35"] == "1"
    assert probe["112"]
    assert logout["35"] == "5"


def test_without_the_wish_not_one_byte_is_sent(tmp_path: Path) -> None:
    """Without ``--fix-logon`` TLS is shaken hands over, and nothing follows."""
    with engine(tmp_path) as quickfix:
        diagnosis = quickfix.diagnose(logs_on=False)
        assert quickfix.terminator.received_bytes == 0
    assert fix_session_of(diagnosis) == "unknown"
    assert quickfix.received == []


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("API usage level is not allowed for FIX", "fix-logon-tier"),
        ("already exists", "fix-logon-duplicate"),
        ("FIX logon service busy; retry with backoff", "fix-logon-rate-limited"),
        ("Invalid TargetCompID", "fix-logon-target"),
        ("not today", "fix-logon-refused"),
    ],
)
def test_quickfix_refuses_with_a_text(tmp_path: Path, text: str, cause: str) -> None:
    """A Logout instead of a Logon is a refusal, named by its text."""
    with engine(tmp_path, refusal=text) as quickfix:
        assert cause_of(quickfix.diagnose()) == cause


def test_quickfix_refuses_another_key(tmp_path: Path) -> None:
    """A signature by another key is refused as a signature."""
    with engine(tmp_path) as quickfix:
        other = ed25519.Ed25519PrivateKey.generate()
        assert cause_of(quickfix.diagnose(key=other)) == "fix-logon-signature"


@pytest.mark.parametrize(
    ("right_stamps", "cause"), [(0, "fix-closed"), (1, "fix-logon-clock")]
)
def test_quickfix_refuses_a_wrong_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right_stamps: int, cause: str
) -> None:
    """A stamp that is an hour old ends a logon wordlessly, a session with code 10."""
    late_ms = iter([*[0] * right_stamps, *[3_600_000] * 9])

    def now_ms() -> int:
        return time.time_ns() // 1_000_000 - next(late_ms)

    monkeypatch.setattr(fix_session, "_now_ms", now_ms)
    with engine(tmp_path) as quickfix:
        assert cause_of(quickfix.diagnose()) == cause


@pytest.mark.parametrize(
    ("key_id", "target_comp_id"),
    [(str(uuid.uuid4()), "KalshiNR"), ("", "KalshiDC")],
    ids=["key id", "session"],
)
def test_quickfix_hangs_up_on_strangers(
    tmp_path: Path, key_id: str, target_comp_id: str
) -> None:
    """An unknown session is closed without a word, and that is no success."""
    with engine(tmp_path) as quickfix:
        diagnosis = quickfix.diagnose(key_id=key_id, target_comp_id=target_comp_id)
        assert cause_of(diagnosis) == "fix-closed"


def test_a_reset_session_can_be_checked_again(tmp_path: Path) -> None:
    """KalshiNR starts anew with each logon, so every check finds it well."""
    with engine(tmp_path) as quickfix:
        found = [quickfix.diagnose().verdict for _ in range(2)]
    assert found == [Reach.REACHABLE, Reach.REACHABLE]


def test_a_kept_session_is_never_reset(tmp_path: Path) -> None:
    """KalshiRT is not reset, so its numbers go on and a second check is told so."""
    with engine(tmp_path, target_comp_id="KalshiRT") as quickfix:
        first = quickfix.diagnose(target_comp_id="KalshiRT")
        second = quickfix.diagnose(target_comp_id="KalshiRT")
    assert first.verdict is Reach.REACHABLE
    assert cause_of(second) == "fix-logon-refused"
    assert second.root_cause is not None
    assert "MsgSeqNum too low" in second.root_cause.summary
    assert all("141" not in message for message in quickfix.received)
