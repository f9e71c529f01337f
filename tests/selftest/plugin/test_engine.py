"""Whole runs with the engine: verdict, gate, joins with the live layers, no traces."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.report.schema import schema
from tests.selftest.engine.conditions.process import not_running
from tests.selftest.engine.test_story import diagnose
from tests.selftest.engine.workspaces import Workspace, fingerprint, running_engine
from tests.selftest.runs import Run, run_suite
from tests.selftest.signing.material import KEY_ID

pytestmark = pytest.mark.selftest


def run_v8(ws: Workspace, *arguments: str, expression: str = "v8") -> Run:
    """Write the workspace, start its engine, run the suite; nothing is touched."""
    ws.write()
    before = fingerprint(ws.home)
    with ws.stack:
        ws.start_engines()
        run = run_suite(
            ws.home.parent / "diagnosis.json",
            "-m",
            expression,
            f"--v8-home={ws.home}",
            *arguments,
        )
    assert fingerprint(ws.home) == before, "the workspace was touched"
    return run


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A healthy workspace that trades on the sandbox."""
    workspace = Workspace(tmp_path / "workspace-scalper")
    workspace.setting("KALSHI_ENV", "sandbox")
    return workspace


def test_the_engine_alone_has_a_verdict(ws: Workspace) -> None:
    """``-m v8`` alone: a healthy engine is go; what needs an account is not told."""
    run = run_v8(ws)
    assert run.exit_code == 0, run.screen
    assert run.document is not None
    Draft202012Validator(schema()).validate(run.document)
    assert run.document["verdict"] == "go"
    assert run.document["engine"]["verdict"] == "healthy"
    assert run.document["environments"] == []
    assert "cannot tell" in run.screen
    positions = json.loads((ws.home.parent / "positions.json").read_text("utf-8"))
    assert positions["positions"][0]["exchange"] is None, "not asked is not none"


def test_without_a_workspace_nothing_is_proved(tmp_path: Path) -> None:
    """``-m v8`` without a workspace skips every question, says why, and is no go."""
    run = run_suite(tmp_path / "diagnosis.json", "-m", "v8")
    assert run.exit_code == 1, run.screen
    assert "no workspace: give it with --v8-home=DIR" in run.screen
    assert run.document is not None
    assert run.document["verdict"] == "no-go"
    assert run.counts["passed"] == run.counts["failed"] == 0


def test_the_engine_is_asked_only_by_name(ws: Workspace) -> None:
    """Where ``-m`` does not name v8, the workspace is left alone."""
    run = run_v8(ws, expression="sandbox and dns")
    assert run.document is not None
    assert run.document["engine"]["verdict"] == "not-checked"
    assert "test_v8" not in run.screen


def test_an_unreadable_database_is_not_healthy(ws: Workspace) -> None:
    """A database that is not there fails once, and blocks what is read from it."""
    ws.later.append(ws.database.unlink)
    run = run_v8(ws)
    assert run.exit_code == 1
    assert run.document is not None
    assert run.document["engine"]["verdict"] == "unhealthy"
    assert run.counts["failed"] == 1, run.screen
    assert run.counts["blocked"] >= 5
    assert not ws.database.exists()


def test_nothing_secret_is_shown(ws: Workspace) -> None:
    """Neither screen nor document shows the key id or a line of the key."""
    ws.setting("KALSHI_KEY_ID", KEY_ID.replace("0f1e", "1111"))
    ws.dotenv.append("KALSHI_PRIVATE_KEY=" + ws.dotenv[0])
    run = run_v8(ws, "-vv", "--showlocals")
    shown = run.screen + json.dumps(run.document)
    assert "env-key-names-conflict" in shown
    assert KEY_ID not in shown
    assert KEY_ID.replace("0f1e", "1111") not in shown
    key = ws.key_file.read_text("ascii").splitlines()[1]
    assert key[:20] not in shown


def test_a_crash_leaves_the_workspace_as_it_was(ws: Workspace) -> None:
    """A run that dies in the middle has touched nothing, and its document is no go."""
    ws.journal_mode = "wal"
    run = run_v8(ws, "-p", "tests.selftest.plugin.crash")
    assert run.exit_code == 9
    assert run.document is not None
    assert run.document["verdict"] == "no-go"


def test_a_403_and_the_origin_experiment_are_one_cause(ws: Workspace) -> None:
    """The log's 403 and the refusal just observed are ``engine-sends-origin``."""
    ws.logs("ERROR WebSocket handshake failed: 403 Forbidden", 2)
    run = run_v8(ws, "--fault=ws-origin", expression="sandbox or v8")
    assert run.document is not None, run.screen
    found = {cause["id"] for cause in run.document["engine"]["causes"]}
    assert "engine-sends-origin" in found, run.screen
    assert "log-403" not in found


def test_a_401_that_is_live_is_said_once(ws: Workspace) -> None:
    """The log's 401 is blocked by what auth says now; the account cannot be told."""
    ws.logs("ERROR GET /portfolio/balance: HTTP 401 Unauthorized", 5)
    run = run_v8(ws, "--fault=key-unknown", expression="sandbox or v8")
    assert run.document is not None, run.screen
    assert run.environment["root_cause"]["id"] == "auth-key-unknown"
    assert run.document["engine"]["causes"] == [], run.screen
    assert "blocked by auth-key-unknown" in run.screen


def test_a_401_of_the_past_is_another_cause(ws: Workspace) -> None:
    """Where the same key is accepted now, the log's 401 is the engine's own."""
    ws.logs("ERROR GET /portfolio/balance: HTTP 401 Unauthorized", 5)
    run = run_v8(ws, expression="sandbox or v8")
    assert run.document is not None, run.screen
    found = {cause["id"]: cause for cause in run.document["engine"]["causes"]}
    assert "auth of sandbox is fine now" in found["log-repeating-401"]["summary"]


# --- the gate -------------------------------------------------------------------


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """An exchange whose market stands still."""
    with Exchange(tmp_path / "exchange", moves_per_second=0.001) as running:
        yield running


def agreeing(ws: Workspace, exchange: Exchange) -> Workspace:
    """Give the workspace the books of the exchange's account."""
    account = exchange.account
    for row in ws.snapshots:
        row["balance_cents"] = account.cash // 100
    ws.setting("KALSHI_ENV", "lab")
    ws.orders = [
        {"order_id": order.order_id, "ticker": order.market.ticker}
        | {"status": order.status, "count": 3}
        | {"created_at": f"{datetime.fromtimestamp(order.created_ms / 1000, UTC)}"}
        for order in account.orders
    ]
    ws.fills = [{"ticker": "KX", "created_at": "2026-11-21 10:00:00"}]
    ws.positions = [
        {"ticker": ticker, "side": "yes", "count": held.size // 100}
        for ticker, held in account.positions.items()
    ]
    return ws


def test_the_gate_opens_for_a_stopped_engine(ws: Workspace, exchange: Exchange) -> None:
    """Exchange, account and books in order and no engine up: ``PREFLIGHT: GO``."""
    not_running(agreeing(ws, exchange))
    run = diagnose(ws, exchange, "--gate", engines=0)
    assert run.screen.splitlines()[-1] == "PREFLIGHT: GO", run.screen
    assert run.exit_code == 0


def test_the_gate_stays_shut_for_a_second_engine(
    ws: Workspace, exchange: Exchange
) -> None:
    """An engine that is already up is NO-GO: a start would make two."""
    run = diagnose(agreeing(ws, exchange), exchange, "--gate")
    last = run.screen.splitlines()[-1]
    assert last == "PREFLIGHT: NO-GO engine-already-running", run.screen
    assert run.exit_code == 1


def test_the_gate_stays_shut_for_the_engine_alone(ws: Workspace) -> None:
    """Without an environment the gate has not asked whether the engine may trade."""
    not_running(ws)
    ws.engines = 0
    run = run_v8(ws, "--gate")
    last = run.screen.splitlines()[-1]
    assert last == "PREFLIGHT: NO-GO nothing-surveyed", run.screen


def test_a_running_engine_is_found_by_its_folder(tmp_path: Path) -> None:
    """A process whose command line is only ``main.py`` is known by where it runs."""
    ws = Workspace(tmp_path / "workspace-scalper", engines=0)
    for name, text in ws.code.items():
        (ws.home / name).write_text(text, encoding="utf-8")
    with running_engine(ws.home):
        assert [cause.id for cause in ws.inspect().causes] == []
