"""Whole runs with and without ``--fix-logon``: what is sent, said and never shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from tests.selftest.runs import Run, run_suite

pytestmark = pytest.mark.selftest

ROW = """\
[environments.lab]
rest = "{rest}"
websocket = "{websocket}"
fix = {{ host = "localhost", port = {port}, target_comp_id = "KalshiNR" }}
resolver = "{dns}"
ca_file = "{ca_file}"
required = ["rest", "fix"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """An exchange in this process, and a user who has configured it."""

    exchange: Exchange
    folder: Path

    @property
    def programs(self) -> dict[str, str]:
        """The variables of a program that trades here."""
        state = self.exchange.state
        return {
            "KALSHI_API_KEY_ID": state.key_id,
            "KALSHI_PRIVATE_KEY_PATH": str(state.private_key_file),
        }

    @property
    def own(self) -> dict[str, str]:
        """The variables of a key for FIX checks alone."""
        own = self.exchange.state.ed25519
        return {
            "KALSHI_FIX_API_KEY_ID": own.key_id,
            "KALSHI_FIX_PRIVATE_KEY_PATH": str(own.private_key_file),
        }

    def run(self, *arguments: str, variables: dict[str, str]) -> Run:
        """Diagnose it in a process of its own."""
        state = self.exchange.state
        file = self.folder / "lab.toml"
        file.write_text(
            ROW.format(
                rest=f"https://localhost:{state.port}/trade-api/v2",
                websocket=f"wss://localhost:{state.port}/trade-api/ws/v2",
                port=state.fix.port,
                dns=state.dns,
                ca_file=state.ca_file,
            ),
            encoding="utf-8",
        )
        return run_suite(
            self.folder / "diagnosis.json",
            "-m",
            "lab",
            f"--environments={file}",
            *arguments,
            variables=variables,
        )


@pytest.fixture
def laboratory(tmp_path: Path) -> Iterator[Laboratory]:
    """A healthy exchange, configured as ``lab`` with FIX required."""
    with Exchange(tmp_path / "exchange") as exchange:
        yield Laboratory(exchange=exchange, folder=tmp_path)


def fix_session(run: Run) -> str:
    """The capability, as the document gives it."""
    answer: str = run.environment["capabilities"]["fix_session"]
    return answer


def test_a_key_of_its_own_logs_on(laboratory: Laboratory) -> None:
    """With ``--fix-logon`` and its own key the gate opens, FIX included."""
    variables = {**laboratory.programs, **laboratory.own}
    run = laboratory.run("--fix-logon", "--gate", variables=variables)
    assert run.exit_code == 0, run.screen
    assert run.screen.splitlines()[-1] == "PREFLIGHT: GO"
    assert fix_session(run) == "yes"
    assert laboratory.exchange.ledger.fix_messages == ("A", "1", "5")
    assert laboratory.exchange.ledger.state_changing == 0


def test_without_the_option_nothing_is_sent(laboratory: Laboratory) -> None:
    """The variables alone are no wish: no byte of FIX is sent, and none is proved."""
    variables = {**laboratory.programs, **laboratory.own}
    run = laboratory.run("--gate", variables=variables)
    assert laboratory.exchange.ledger.fix_bytes == 0
    assert laboratory.exchange.ledger.connections("fix") > 0
    assert fix_session(run) == "unknown"
    assert run.statuses("fix")["fix"] == "skipped"
    assert run.screen.splitlines()[-1] == "PREFLIGHT: NO-GO layer-not-proved"


@pytest.mark.parametrize("where", ["process", "dotenv", "engine"])
def test_the_engines_key_is_refused(laboratory: Laboratory, where: str) -> None:
    """Wherever a program's key id stands, that key is not tried and nothing is sent."""
    own = laboratory.own["KALSHI_FIX_API_KEY_ID"]
    variables = {**laboratory.programs, **laboratory.own}
    arguments = ["--fix-logon"]
    if where == "process":
        variables["KALSHI_API_KEY_ID_DEMO"] = own
    else:
        home = laboratory.folder / "home"
        home.mkdir()
        (home / ".env").write_text(f'KALSHI_KEY_ID="{own}"\n', encoding="utf-8")
        arguments.append(
            f"--dotenv={home / '.env'}" if where == "dotenv" else f"--v8-home={home}"
        )
    if where == "engine":
        other = laboratory.folder / "other.env"
        other.write_text("NOTHING=here\n", encoding="utf-8")
        arguments.append(f"--dotenv={other}")
    run = laboratory.run(*arguments, variables=variables)
    assert run.exit_code == 1, run.screen
    assert laboratory.exchange.ledger.fix_bytes == 0
    root = run.environment["root_cause"]
    assert root["id"] == "fix-key-shared", run.screen
    assert fix_session(run) == "no"
    assert "Nothing was sent" in root["summary"]
    assert own not in run.screen


def test_no_run_shows_the_key(laboratory: Laboratory) -> None:
    """Verbose to the utmost and refused, neither id nor key nor signature shows."""
    laboratory.exchange.hooks.fix.entitled = False
    variables = {**laboratory.programs, **laboratory.own}
    run = laboratory.run(
        *("--fix-logon", "-vv", "--showlocals", "--log-level=DEBUG"),
        variables=variables,
    )
    assert run.environment["root_cause"]["id"] == "fix-logon-tier", run.screen
    shown = run.screen + str(run.document)
    key_file = Path(variables["KALSHI_FIX_PRIVATE_KEY_PATH"])
    lines = key_file.read_text(encoding="ascii").splitlines()
    assert variables["KALSHI_FIX_API_KEY_ID"] not in shown
    assert not [line for line in lines[1:-1] if line in shown]
    assert "96=" not in shown
