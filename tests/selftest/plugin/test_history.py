"""Whole runs and their history: kept, shown, and never in the way of a verdict."""

from pathlib import Path

import pytest

from kalshi_preflight.history import histories
from tests.selftest.history.cluster import started_cluster
from tests.selftest.runs import run_suite

pytestmark = pytest.mark.selftest

WORD = "geheim-7391"


def _keeping(url: str) -> dict[str, str]:
    return {"PREFLIGHT_HISTORY_URL": url}


def test_runs_are_kept_and_shown(tmp_path: Path) -> None:
    """Two runs, one of them ill, make a history that ``--history`` shows."""
    diagnosis = tmp_path / "diagnosis.json"
    keeping = _keeping(f"sqlite:///{tmp_path / 'deep' / 'history.sqlite'}")
    place = "--vantage=frankfurt"
    run_suite(diagnosis, "-m", "sandbox and dns", place, variables=keeping)
    fault = "--fault=dns-nxdomain"
    run_suite(diagnosis, "-m", "sandbox and dns", place, fault, variables=keeping)
    shown = run_suite(tmp_path / "none.json", "--history", variables=keeping)
    assert shown.exit_code == 0, shown.screen
    assert "== sandbox from frankfurt =====" in shown.screen
    assert "reached in 50.00% of them" in shown.screen
    assert "nothing broken -> dns-name-not-found" in shown.screen
    assert all(len(line) <= 80 for line in shown.screen.splitlines())
    assert shown.document is None


def test_a_server_keeps_the_history_of_many_machines(tmp_path: Path) -> None:
    """``PREFLIGHT_HISTORY_URL`` of PostgreSQL takes runs of two vantage points."""
    diagnosis = tmp_path / "diagnosis.json"
    with started_cluster() as cluster:
        keeping = _keeping(cluster.url().reveal())
        for place in ("frankfurt", "new-york"):
            run = run_suite(
                diagnosis,
                "-m",
                "sandbox and dns",
                f"--vantage={place}",
                variables=keeping,
            )
            assert run.exit_code == 0, run.screen
            assert "history not kept" not in run.screen
        kept = histories(cluster.url())
        assert [each.vantage for each in kept] == ["frankfurt", "new-york"]
        shown = run_suite(tmp_path / "none.json", "--history", variables=keeping)
        assert "== sandbox from new-york =====" in shown.screen


def test_an_unreachable_server_changes_no_verdict(tmp_path: Path) -> None:
    """Where the history cannot be kept, one sentence says so, and GO stays GO."""
    url = f"postgresql://preflight:{WORD}@127.0.0.1:1/preflight"
    run = run_suite(
        tmp_path / "diagnosis.json", "-m", "sandbox", "--gate", variables=_keeping(url)
    )
    assert run.exit_code == 0, run.screen
    assert run.screen.count("history not kept: ") == 1
    assert "Connection refused" in " ".join(run.screen.split())
    assert run.screen.splitlines()[-1] == "PREFLIGHT: GO"
    assert WORD not in run.screen
    assert "Traceback" not in run.screen


@pytest.mark.parametrize("arguments", [["-m", "sandbox"], ["--history"]])
def test_a_malformed_url_is_a_usage_error(tmp_path: Path, arguments: list[str]) -> None:
    """A URL that is none is exit 4 and one sentence, without the password in it."""
    url = f"postgresql://preflight:{WORD}@db.lan:many/preflight"
    diagnosis = tmp_path / "diagnosis.json"
    run = run_suite(diagnosis, *arguments, variables=_keeping(url))
    assert run.exit_code == 4, run.screen
    (told,) = [line for line in run.screen.splitlines() if line.startswith("ERROR: ")]
    assert "PREFLIGHT_HISTORY_URL" in told
    assert WORD not in run.screen
    assert run.document is None


def test_a_history_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """``--history`` of something else is exit 4 and one sentence."""
    file = tmp_path / "history.sqlite"
    file.write_text("This is a letter, and no database at all. " * 40, encoding="ascii")
    keeping = _keeping(f"sqlite:///{file}")
    run = run_suite(tmp_path / "diagnosis.json", "--history", variables=keeping)
    assert run.exit_code == 4, run.screen
    assert "the history cannot be read: file is not a database" in run.screen
    assert "Traceback" not in run.screen


def test_the_password_is_masked_wherever_it_appears(tmp_path: Path) -> None:
    """The URL's password is one of the secrets that no output shows."""
    url = f"postgresql://preflight:{WORD}@127.0.0.1:1/preflight"
    diagnosis = tmp_path / "diagnosis.json"
    run = run_suite(
        diagnosis,
        "-m",
        "sandbox and dns",
        f"--vantage={WORD}",
        variables=_keeping(url),
    )
    assert run.document is not None
    assert run.document["vantage"] == "[redacted]"


def test_the_gate_does_not_show_histories(tmp_path: Path) -> None:
    """``--gate --history`` is a usage error: nothing would be proved."""
    keeping = _keeping(f"sqlite:///{tmp_path / 'history.sqlite'}")
    run = run_suite(
        tmp_path / "diagnosis.json", "--gate", "--history", variables=keeping
    )
    assert run.exit_code == 4, run.screen
    assert not (tmp_path / "history.sqlite").exists()
