"""V8: is the engine running, is it alone, and do its books tell the truth?"""

import pytest

from kalshi_preflight.plugin.engine import EngineAnswers

pytestmark = pytest.mark.v8


def test_database_is_there(v8_db: EngineAnswers) -> None:
    """The engine's database is where it should be, and is one."""
    assert v8_db["state"] in ("file", "truncated")
    assert v8_db.broken == []


def test_database_is_whole(v8_db: EngineAnswers) -> None:
    """The database can be read, and no page of it is damaged."""
    assert v8_db["state"] == "file"
    assert v8_db.broken == []


def test_database_is_well_placed(v8_db: EngineAnswers) -> None:
    """The database lies on a local disk with room to write (else a warning)."""
    assert v8_db.broken == []


def test_tables_and_columns_are_known(v8_db: EngineAnswers) -> None:
    """Every table and column that is judged is there, under a name that is known."""
    assert v8_db.broken == []


def test_newest_snapshot_is_fresh(v8_db: EngineAnswers) -> None:
    """The newest snapshot is younger than five minutes, by its own time."""
    assert v8_db.broken == []


def test_snapshots_are_regular(v8_db: EngineAnswers) -> None:
    """Snapshots come every 30 seconds, without gaps and strangers (else a warning)."""
    assert v8_db.broken == []


def test_one_engine_writes(v8_db: EngineAnswers) -> None:
    """One engine writes this database, and what it writes moves."""
    assert v8_db.broken == []


def test_snapshots_are_written_in_full(v8_db: EngineAnswers) -> None:
    """The engine fills the columns that it has (else a warning)."""
    assert v8_db.broken == []


def test_log_is_there(v8_log: EngineAnswers) -> None:
    """The engine's log can be read (else a warning)."""
    assert v8_log.broken == []


def test_log_is_alive(v8_log: EngineAnswers) -> None:
    """One engine writes the log, and goes on writing it."""
    assert v8_log.broken == []


def test_log_keeps_secrets(v8_log: EngineAnswers) -> None:
    """No key, signature or full key id stands in the log."""
    assert v8_log["secrets"] == []


def test_log_shows_no_refusal(v8_log: EngineAnswers) -> None:
    """The exchange refuses nothing that the engine asks (401, 403, 410, 429) today."""
    assert v8_log.broken == []


def test_log_shows_no_network_fault(v8_log: EngineAnswers) -> None:
    """The engine reaches the exchange: names, connections, TLS, answers, today."""
    assert v8_log.broken == []


def test_log_shows_no_fault_of_the_engine(v8_log: EngineAnswers) -> None:
    """The engine does not fail by itself today."""
    assert v8_log.broken == []


def test_engine_is_as_expected(v8_process: EngineAnswers) -> None:
    """The engine runs, or is stopped, as --v8-expect says."""
    assert v8_process.broken == []


def test_one_engine_runs(v8_process: EngineAnswers) -> None:
    """At most one engine runs in the workspace."""
    assert len(v8_process["trees"]) <= 1


def test_locks_and_flags_are_right(v8_process: EngineAnswers) -> None:
    """Lock, PID file and kill switch agree with the processes (else a warning)."""
    assert v8_process.broken == []


def test_scheduled_task_is_right(v8_process: EngineAnswers) -> None:
    """The engine's task, where it can be read, starts one engine (else a warning)."""
    assert v8_process.broken == []


def test_engine_speaks_todays_api(v8_process: EngineAnswers) -> None:
    """Neither code nor log shows an API that is gone."""
    assert v8_process.broken == []


def test_dotenv_can_be_read(v8_dotenv: EngineAnswers) -> None:
    """The engine's settings are there and can be read by every reader."""
    assert v8_dotenv.broken == []


def test_dotenv_means_what_it_says(v8_dotenv: EngineAnswers) -> None:
    """Every line of the settings means the same to every reader."""
    assert v8_dotenv.broken == []


def test_dotenv_names_the_key(v8_dotenv: EngineAnswers) -> None:
    """The settings give one key id and a private key, by names that are known."""
    assert v8_dotenv.broken == []


def test_dotenv_key_is_whole(v8_dotenv: EngineAnswers) -> None:
    """The private key of the settings loads and is of a kind that Kalshi takes."""
    assert v8_dotenv.broken == []


def test_dotenv_key_file_is_found(v8_dotenv: EngineAnswers) -> None:
    """The key file is where the settings say, from whatever folder it is asked."""
    assert v8_dotenv.broken == []


def test_dotenv_names_one_environment(v8_dotenv: EngineAnswers) -> None:
    """Environment and hosts of the settings belong together and are alive."""
    assert v8_dotenv.broken == []


def test_dotenv_is_safe(v8_dotenv: EngineAnswers) -> None:
    """Certificates are checked, and nobody else can read the settings' secrets."""
    assert v8_dotenv.broken == []


def test_same_environment_on_both_sides(v8_account: EngineAnswers) -> None:
    """Database and account are of one environment."""
    assert v8_account.broken == []


def test_fills_are_recorded(v8_account: EngineAnswers) -> None:
    """The engine's database has fills if the exchange has."""
    assert v8_account.broken == []


def test_positions_are_recorded(v8_account: EngineAnswers) -> None:
    """The open positions of database and exchange are the same."""
    assert v8_account.broken == []


def test_orders_are_recorded(v8_account: EngineAnswers) -> None:
    """Orders rest here if and only if they rest there (else a warning)."""
    assert v8_account.broken == []


def test_cash_agrees(v8_account: EngineAnswers) -> None:
    """Cash is the same on both sides, within a tolerance."""
    assert v8_account.broken == []


def test_totals_are_whole(v8_account: EngineAnswers) -> None:
    """No total of the database is the length of a page (else a warning)."""
    assert v8_account.broken == []


def test_dashboard_is_there(v8_dashboard: EngineAnswers) -> None:
    """The dashboard's database has its tables."""
    assert v8_dashboard.broken == []


def test_dashboard_keeps_up(v8_dashboard: EngineAnswers) -> None:
    """The dashboard is at most 20 minutes behind the engine (45: broken)."""
    assert v8_dashboard.broken == []


def test_dashboard_tells_the_truth(v8_dashboard: EngineAnswers) -> None:
    """The dashboard copies the engine's rows, all of them and once (else a warning)."""
    assert v8_dashboard.broken == []
