"""Whole runs: exit codes, the document, and what is on the screen."""

import json
import socket
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kalshi_preflight.report.schema import schema
from tests.selftest.machine import needs_network_namespace
from tests.selftest.runs import ROOT, run_suite

pytestmark = pytest.mark.selftest


@pytest.fixture
def diagnosis(tmp_path: Path) -> Path:
    """Where this test's document goes."""
    return tmp_path / "diagnosis.json"


def test_healthy_sandbox_is_go(diagnosis: Path) -> None:
    """A healthy sandbox exits 0 and leaves a valid document that says go."""
    run = run_suite(diagnosis, "-m", "sandbox")
    assert run.exit_code == 0, run.screen
    assert run.document is not None
    Draft202012Validator(schema()).validate(run.document)
    assert run.document["verdict"] == "go"
    assert run.environment["root_cause"] is None
    assert run.counts["failed"] == run.counts["blocked"] == 0
    assert run.counts["skipped"] == 5, "a FIX logon has to be asked for"
    assert run.counts["passed"] > 30


def test_the_document_says_where_it_looked_from(diagnosis: Path) -> None:
    """``--vantage`` stands in the document; without it, the name of this host."""
    run = run_suite(diagnosis, "-m", "sandbox and dns", "--vantage=frankfurt")
    assert run.document is not None
    assert run.document["vantage"] == "frankfurt"
    run = run_suite(diagnosis, "-m", "sandbox and dns")
    assert run.document is not None
    assert run.document["vantage"] == socket.gethostname()


def test_the_launchers_token_stands_in_the_document(diagnosis: Path) -> None:
    """``PREFLIGHT_TOKEN`` comes back in the document, so a launcher knows its own."""
    given = {"PREFLIGHT_TOKEN": "0f3e-token"}
    run = run_suite(diagnosis, "-m", "sandbox and dns", variables=given)
    assert run.document is not None
    assert run.document["token"] == "0f3e-token"  # noqa: S105  # no secret
    Draft202012Validator(schema()).validate(run.document)


def test_a_fault_fails_once_and_blocks_the_rest(diagnosis: Path) -> None:
    """One fault: exit 1, one root cause with commands, all above it blocked."""
    run = run_suite(diagnosis, "-m", "sandbox", "--fault=tls-expired")
    assert run.exit_code == 1, run.screen
    root = run.environment["root_cause"]
    assert root["id"] == "tls-certificate-expired"
    assert root["hint"]["fix"]["posix"]
    assert root["hint"]["fix"]["powershell"]
    assert run.statuses("rest") == {
        "dns": "ok",
        "tcp": "ok",
        "tls": "broken",
        "http": "blocked",
        "auth": "blocked",
    }
    assert run.counts["failed"] == 2, "one for each endpoint"
    assert run.counts["blocked"] > 10


def test_no_traceback_on_the_screen(diagnosis: Path) -> None:
    """A failed diagnosis shows its remedy, within 80 columns, and no traceback."""
    run = run_suite(diagnosis, "-m", "sandbox", "--fault=key-unknown")
    assert "auth-key-unknown" in run.screen
    assert "Traceback" not in run.screen
    assert "\nE  " not in run.screen
    commands = {
        command
        for cause in [run.environment["root_cause"]]
        for part in ("check", "fix")
        for shell in cause["hint"][part].values()
        for command in shell
    }
    long = [
        line
        for line in run.screen.splitlines()
        if len(line) > 80
        and line.strip() not in commands
        and str(diagnosis.parent) not in line
        and not line.startswith(("plugins: ", "asyncio: "))
    ]
    assert not long


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-m", "prodution"], "prodution"),
        (["-m", "sandbox", "--fault=nosuch"], "There is no fault 'nosuch'"),
        (["-m", "sandbox", "--environments=missing.toml"], "missing.toml"),
        (["-m", "sandbox", "--dotenv=missing.env"], "missing.env"),
        (["-m", "sandbox", "--budget=soon"], "--budget must be a number of seconds"),
    ],
)
def test_a_slip_is_a_usage_error(
    diagnosis: Path, arguments: list[str], sentence: str
) -> None:
    """A slip of the pen is exit 4 and one sentence that names it."""
    run = run_suite(diagnosis, *arguments)
    assert run.exit_code == 4, run.screen
    told = [line for line in run.screen.splitlines() if line.startswith("ERROR: ")]
    assert len(told) == 1, run.screen
    assert sentence in told[0]
    assert "Traceback" not in run.screen


def test_an_unknown_key_is_named(diagnosis: Path, tmp_path: Path) -> None:
    """An unknown key in the environments file is named with its file: exit 4."""
    file = tmp_path / "lab.toml"
    file.write_text(
        '[environments.lab]\nrest = "https://localhost:1/x"\nresolvr = "::1"\n',
        encoding="utf-8",
    )
    run = run_suite(diagnosis, "-m", "lab", f"--environments={file}")
    assert run.exit_code == 4, run.screen
    (told,) = [line for line in run.screen.splitlines() if line.startswith("ERROR: ")]
    assert str(file) in told
    assert "resolvr" in told


@pytest.mark.parametrize(
    "name", ["timeout", "skip", "asyncio", "tls", "v8", "selftest", "clients", "Lab"]
)
def test_an_environment_may_not_be_called_like_a_mark(
    diagnosis: Path, tmp_path: Path, name: str
) -> None:
    """A name that ``-m`` knows as something else is a usage error, in one sentence."""
    file = tmp_path / "lab.toml"
    file.write_text(
        f'[environments.{name}]\nrest = "https://localhost:1/x"\n', encoding="utf-8"
    )
    run = run_suite(diagnosis, "-m", "sandbox", f"--environments={file}")
    assert run.exit_code == 4, run.screen
    (told,) = [line for line in run.screen.splitlines() if line.startswith("ERROR: ")]
    assert name in told


def test_two_words_are_told_to_be_one(diagnosis: Path, tmp_path: Path) -> None:
    """``--environments FILE`` in two words is a usage error and no wrong run."""
    file = tmp_path / "lab.toml"
    file.write_text(
        '[environments.lab]\nrest = "https://localhost:1/x"\n', encoding="utf-8"
    )
    run = run_suite(diagnosis, "-m", "lab", "--environments", str(file))
    assert run.exit_code == 4, run.screen


def test_a_layer_alone_selects_nothing(diagnosis: Path) -> None:
    """``-m tls`` names no environment, so nothing is probed: exit 5."""
    run = run_suite(diagnosis, "-m", "tls")
    assert run.exit_code == 5, run.screen


def test_an_expression_may_name_several(diagnosis: Path) -> None:
    """``-m "sandbox and tls"`` asks the sandbox about TLS and goes no further up."""
    run = run_suite(diagnosis, "-m", "sandbox and tls")
    assert run.exit_code == 0, run.screen
    assert set(run.statuses("rest")) == {"dns", "tcp", "tls"}
    assert run.counts["passed"] == 12, "four questions, three endpoints"


def test_a_selftest_run_leaves_the_diagnosis_alone(diagnosis: Path) -> None:
    """A run that cannot speak of an environment writes no document."""
    run = run_suite(diagnosis, "-m", "selftest", "tests/selftest/model")
    assert run.exit_code == 0, run.screen
    assert run.document is None


def test_faults_are_listed(diagnosis: Path) -> None:
    """``--list-faults`` prints every fault with its layer and cause, and exits 0."""
    from kalshi_preflight.exchange import FAULTS

    run = run_suite(diagnosis, "--list-faults")
    assert run.exit_code == 0
    for fault in FAULTS:
        assert f"{fault.name}  [{fault.layer}]  -> {fault.cause}" in run.screen


def test_production_without_a_network(diagnosis: Path) -> None:
    """Without any network: exit 1 in the budget, one cause, all else blocked."""
    wrapper = needs_network_namespace()
    run = run_suite(diagnosis, "-m", "production", wrapper=wrapper)
    assert run.exit_code == 1, run.screen
    root = run.environment["root_cause"]
    assert root["id"] == "network-offline"
    assert root["hint"]["check"]["posix"]
    assert run.counts["failed"] == 1, "the machine's own cause is said once"
    assert run.counts["passed"] == 0
    assert run.document is not None
    assert run.document["duration_ms"] < 10_000 + 5_000
    assert "Traceback" not in run.screen
    assert run.statuses("websocket") == dict.fromkeys(
        ("dns", "tcp", "tls", "websocket"), "blocked"
    )


def test_plain_pytest_stays_on_loopback(diagnosis: Path, tmp_path: Path) -> None:
    """``pytest`` without arguments opens no socket outside loopback."""
    ledger = tmp_path / "sockets.jsonl"
    run = run_suite(
        diagnosis,
        "-p",
        "tests.selftest.plugin.socket_ledger",
        "--deselect=tests/selftest",
        variables={"SOCKET_LEDGER": str(ledger)},
    )
    assert run.exit_code == 0, run.screen
    lines = ledger.read_text(encoding="utf-8").splitlines()
    seen = [json.loads(line) for line in lines]
    assert {entry["event"] for entry in seen} >= {"socket.connect"}
    assert [entry for entry in seen if not entry["loopback"]] == []


def test_the_gate_opens_for_a_proof(diagnosis: Path) -> None:
    """Under ``--gate`` a healthy environment ends in exactly ``PREFLIGHT: GO``."""
    run = run_suite(diagnosis, "-m", "sandbox", "--gate")
    assert run.exit_code == 0, run.screen
    assert run.screen.splitlines()[-1] == "PREFLIGHT: GO"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["-m", "sandbox", "--fault=dns-nxdomain"], "dns-name-not-found"),
        (["-m", "sandbox", "--fault=trading-paused"], "trading-paused"),
        (["-m", "sandbox and tls"], "layer-not-proved"),
        (["-m", "sandbox", "-k", "test_resolves"], "layer-not-proved"),
        (["-m", "tls"], "nothing-surveyed"),
        (["-m", "sandbox", f"--v8-home={ROOT}"], "engine-not-checked"),
    ],
)
def test_the_gate_stays_shut(
    diagnosis: Path, arguments: list[str], reason: str
) -> None:
    """Under ``--gate`` whatever was not proved is NO-GO, with the reason's id."""
    run = run_suite(diagnosis, *arguments, "--gate")
    assert run.exit_code != 0, run.screen
    assert run.screen.splitlines()[-1] == f"PREFLIGHT: NO-GO {reason}"


@pytest.mark.parametrize("option", ["--collect-only", "--fixtures", "--list-faults"])
def test_the_gate_refuses_what_proves_nothing(diagnosis: Path, option: str) -> None:
    """Under ``--gate`` an option that only shows something is a usage error."""
    run = run_suite(diagnosis, "-m", "sandbox", "--gate", option)
    assert run.exit_code == 4, run.screen
    assert "PREFLIGHT: GO" not in run.screen.splitlines()
