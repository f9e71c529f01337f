"""What is remembered is there: whole, once, whoever else is writing or tidying up."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from kalshi_preflight.history import HistoryError, histories, remember, store
from kalshi_preflight.history.address import address_of
from kalshi_preflight.history.database import opened
from kalshi_preflight.history.tables import CREATE_VERSIONS, STEPS
from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret
from tests.selftest.report.surveys import DNS_FAILURE, broken, degraded, healthy, made
from tests.selftest.runs import ROOT

# Processes and connections are many, and the cores may be busy.
pytestmark = [pytest.mark.selftest, pytest.mark.timeout(240)]

Writer = subprocess.Popen[str]

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=store.KEPT_DAYS + 1)


def test_a_run_is_remembered(url: Secret) -> None:
    """A run of two environments gives both their verdicts, causes and times."""
    document = made(broken(DNS_FAILURE), degraded(), started=NOW)
    remember(url, document, vantage="here")
    demo, production = histories(url)
    assert (demo.environment, demo.vantage) == ("demo", "here")
    assert demo.runs[0].verdict is Reach.DEGRADED
    assert demo.runs[0].cause is None
    assert demo.runs[0].elapsed_ms[Layer.DNS] == 1.9
    assert abs(demo.runs[0].started - NOW) < timedelta(milliseconds=1)
    assert production.runs[0].cause == "dns-name-not-found"
    assert production.runs[0].elapsed_ms == {}


def test_several_vantage_points_are_several_runs(url: Secret) -> None:
    """A document of two vantage points is one run for each, under its own name."""
    near, far = made(healthy(), started=NOW), made(broken(DNS_FAILURE), started=NOW)
    parts = [{**near, "vantage": "near"}, {**far, "vantage": "far"}]
    remember(url, {**far, "vantages": parts}, vantage="controller")
    seen = {each.vantage: each.runs[0].verdict for each in histories(url)}
    assert seen == {"near": Reach.REACHABLE, "far": Reach.UNREACHABLE}


def test_a_memory_keeps_nothing() -> None:
    """``sqlite://`` is how one does without a history."""
    memory = Secret("sqlite://")
    remember(memory, made(healthy()), vantage="here")
    assert histories(memory) == ()


def test_an_old_history_is_brought_up_to_date(url: Secret) -> None:
    """A history of version 1 keeps its runs and takes new ones; twice is once."""
    _make_version_one(url)
    remember(url, made(healthy(), started=NOW), vantage="here")
    old, new = histories(url)
    assert (old.vantage, len(old.runs)) == ("?", 1)
    assert (new.vantage, len(new.runs)) == ("here", 1)
    with opened(address_of(url)) as database, database.transaction(writing=False):
        versions = database.run("SELECT version FROM preflight_version ORDER BY 1")
    assert [version for (version,) in versions] == list(range(1, len(STEPS) + 1))


def _make_version_one(url: Secret) -> None:
    """What the first version left: written by hand, not by today's code."""
    from kalshi_preflight.history import database as room

    address = address_of(url)
    connected = (
        room._server(address.server) if address.server else room._file(address.file)  # type: ignore[arg-type]
    )
    with connected as database, database.transaction(writing=True):
        database.run(CREATE_VERSIONS)
        for statement in STEPS[0]:
            database.run(statement)
        database.run("INSERT INTO preflight_version VALUES (1)")
        moment = f"{NOW:%Y-%m-%dT%H:%M:%S}.000Z"
        database.run(
            "INSERT INTO preflight_run VALUES"
            " ('a1', :moment, '0.0.1', 'go', 4.5, 'not-checked')",
            {"moment": moment},
        )
        database.run(
            "INSERT INTO preflight_diagnosis VALUES ('a1', 'demo', 'reachable', NULL)"
        )


def test_a_newer_history_is_left_alone(url: Secret) -> None:
    """A history of a newer version is refused in a sentence, and is not changed."""
    remember(url, made(healthy(), started=NOW), vantage="here")
    with opened(address_of(url)) as database, database.transaction(writing=True):
        database.run("INSERT INTO preflight_version VALUES (99)")
    with pytest.raises(HistoryError, match="version 99"):
        remember(url, made(healthy(), started=NOW), vantage="here")


def test_the_oldest_is_forgotten(url: Secret, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too old goes, and what is too much; other vantage points keep theirs."""
    monkeypatch.setattr(store, "KEPT_RUNS", 3)
    remember(url, made(healthy(), started=NOW), vantage="elsewhere")
    remember(url, made(healthy(), started=LONG_AGO), vantage="here")
    for minute in range(5):
        moment = NOW + timedelta(minutes=minute)
        remember(url, made(healthy(), started=moment), vantage="here")
    elsewhere, here = histories(url)
    assert len(elsewhere.runs) == 1
    assert [run.started.minute for run in here.runs] == [
        (NOW + timedelta(minutes=minute)).minute for minute in (2, 3, 4)
    ]
    with opened(address_of(url)) as database, database.transaction(writing=False):
        ((runs,),) = database.run("SELECT count(*) FROM preflight_run")
        ((steps,),) = database.run("SELECT count(DISTINCT run_id) FROM preflight_step")
    assert runs == steps == 4, "steps go with their run"


def test_runs_at_once_and_pruning_lose_nothing(
    url: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three runs that write at once, while old runs are forgotten, are all kept."""
    with monkeypatch.context() as patch:
        patch.setattr(store, "KEPT_DAYS", 10_000)
        for _ in range(20):
            remember(url, made(healthy(), started=LONG_AGO), vantage="old")
    (old,) = histories(url)
    assert len(old.runs) == 20, "they are there before anybody forgets them"
    writers = _writers(url, 12, "a", "b", "old")
    for writer in writers:
        said, complaint = writer.communicate(timeout=200)
        assert writer.returncode == 0, complaint
        assert said.split() == [str(number) for number in range(12)]
    kept = {each.vantage: len(each.runs) for each in histories(url)}
    assert kept == {"a": 12, "b": 12, "old": 12}


def test_a_first_run_may_not_be_alone(url: Secret) -> None:
    """Two runs that make the history at once make it once."""
    writers = _writers(url, 3, "a", "b", "c")
    for writer in writers:
        _, complaint = writer.communicate(timeout=200)
        assert writer.returncode == 0, complaint
    assert [len(each.runs) for each in histories(url)] == [3, 3, 3]


def test_a_killed_run_leaves_the_history_whole(url: Secret) -> None:
    """After a kill in the midst, what was said to be kept is kept, and one goes on."""
    (writer,) = _writers(url, 10_000, "killed")
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(5)]
    writer.kill()
    rest, _ = writer.communicate(timeout=200)
    told = len(said) + len(rest.splitlines())
    remember(url, made(healthy(), started=NOW), vantage="after")
    after, killed = histories(url, limit=20_000)
    assert len(after.runs) == 1
    assert len(killed.runs) in (told, told + 1), "one may have been kept, not yet told"


def _writers(url: Secret, count: int, *vantages: str) -> list[Writer]:
    """Processes that remember so many runs, and have just been told to begin."""
    command = [sys.executable, "-m", "tests.selftest.history.writer", url.reveal()]
    writers = [
        subprocess.Popen(
            [*command, vantage, str(count)],
            cwd=ROOT,
            env={"PYTHONPATH": "src", "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            bufsize=1,
        )
        for vantage in vantages
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("begin\n")
    return writers
