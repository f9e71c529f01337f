"""Runs under pytest-xdist: one survey, or one from each vantage point."""

import html
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.history import histories
from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.report.schema import schema
from tests.selftest.machine import needs_program, needs_scene_namespaces
from tests.selftest.plugin.laboratory import write_laboratory
from tests.selftest.runs import ROOT, impersonal_variables, run_suite

# A distributed run is three processes that start from nothing on cores they share.
pytestmark = [pytest.mark.selftest, pytest.mark.timeout(240)]

#: Facts that are times, or are told with a time in them.
_TIMES = {
    "started",
    "date",
    "our_time",
    "exchange_time",
    "clock_offset_seconds",
    "first_bytes",
}


def _differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """Where two documents differ, but for times."""
    key = place.rpartition("/")[2]
    if key in _TIMES or key.endswith("_ms"):
        return
    if isinstance(one, dict) and isinstance(other, dict):
        # The first data of a market may come, or may not, while one is connected.
        missing = (one.keys() ^ other.keys()) - {"first_data_ms"}
        if missing:
            yield f"{place}: {sorted(missing)}"
        for name in one.keys() & other.keys():
            yield from _differences(one[name], other[name], f"{place}/{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _differences(a, b, f"{place}/{number}")
    elif one != other:
        yield f"{place}: {one} and {other}"


def test_many_workers_say_what_one_process_says(tmp_path: Path) -> None:
    """With ``-n`` the document is that of a run without, but for times: one survey."""
    page = tmp_path / "report.html"
    with Exchange(tmp_path) as exchange:
        lab = f"--environments={write_laboratory(tmp_path, exchange.state)}"
        wanted = ("-m", "lab", "--gate", lab)
        alone = run_suite(tmp_path / "alone.json", *wanted)
        asked_once = len(exchange.ledger.rest_requests)
        for dist in ("load", "loadfile"):
            together = run_suite(
                tmp_path / f"{dist}.json",
                *(*wanted, "-n2", f"--dist={dist}"),
                *(f"--html={page}", "--self-contained-html"),
            )
            assert (alone.exit_code, together.exit_code) == (0, 0), together.screen
            assert list(_differences(alone.document, together.document)) == []
            assert together.screen.splitlines()[-1] == "PREFLIGHT: GO"
        asked = len(exchange.ledger.rest_requests)
    assert asked == 3 * asked_once, "the exchange was asked once a run"
    told = html.unescape(page.read_text(encoding="utf-8"))
    assert "The name has at least one address." in told, "questions survive"
    assert "PREFLIGHT: GO" in told


def test_a_fault_is_told_as_ever(tmp_path: Path) -> None:
    """With ``-n`` a failed live test shows its remedy, blocked ones are counted."""
    run = run_suite(tmp_path / "d.json", "-m", "sandbox", "--fault=tls-expired", "-n2")
    assert run.exit_code == 1, run.screen
    root = run.environment["root_cause"]
    assert root["id"] == "tls-certificate-expired"
    assert root["hint"]["fix"]["posix"]
    assert run.counts["failed"] == 2
    assert run.counts["blocked"] > 10
    assert "seen_from" not in run.environment
    assert "Traceback" not in run.screen


def test_a_lost_worker_is_a_no_go(tmp_path: Path) -> None:
    """A worker that dies, even with code 0, took its proofs with it: NO-GO."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-m", "sandbox and dns", "-n1", "-p", "tests.selftest.plugin.dying_worker"),
        variables={"DYING_WORKER": "gw0"},
    )
    assert run.exit_code == 1, run.screen
    assert run.document is not None
    Draft202012Validator(schema()).validate(run.document)
    assert run.document["verdict"] == "no-go"
    assert run.document["gate_reason"] == "vantage-lost"


def test_each_vantage_point_surveys_for_itself(tmp_path: Path) -> None:
    """``--dist each``: two of one host get names of their own; the gate opens for both.

    Each of them is a run of its own in the history.
    """
    history = f"sqlite:///{tmp_path / 'history.sqlite'}"
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-m", "sandbox", "--gate", "--vantage=lab", "--dist=each", "--tx=2*popen"),
        variables={"PREFLIGHT_HISTORY_URL": history, "PREFLIGHT_VANTAGE": "desk"},
    )
    assert run.exit_code == 0, run.screen
    assert run.screen.splitlines()[-1] == "PREFLIGHT: GO"
    assert run.document is not None
    Draft202012Validator(schema()).validate(run.document)
    assert run.document["vantage"] == "lab"
    names = [each["vantage"] for each in run.document["vantages"]]
    assert names == ["lab/desk/gw0", "lab/desk/gw1"]
    assert run.environment["seen_from"]["sentence"] == "reachable from everywhere"
    assert run.counts["passed"] == sum(
        each["tests"]["passed"] for each in run.document["vantages"]
    )
    assert [each.vantage for each in histories(Secret(history))] == names


def test_a_lost_vantage_point_keeps_the_gate_shut(tmp_path: Path) -> None:
    """One of two vantage points dies: NO-GO, and the document says which was lost."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        *("-m", "sandbox", "--gate", "--dist=each"),
        *("--tx=popen//id=near", "--tx=popen//id=far"),
        *("-p", "tests.selftest.plugin.dying_worker"),
        variables={"DYING_WORKER": "far"},
    )
    assert run.exit_code == 1, run.screen
    assert run.screen.splitlines()[-1] == "PREFLIGHT: NO-GO vantage-lost"
    assert run.document is not None
    Draft202012Validator(schema()).validate(run.document)
    near, far = run.document["vantages"]
    assert (near["vantage"], near["verdict"]) == ("near", "go")
    assert (far["vantage"], far["gate_reason"]) == ("far", "vantage-lost")
    said = run.environment["seen_from"]["sentence"]
    assert said == "reachable from near; unknown from far"


def test_only_from_here(tmp_path: Path) -> None:
    """Of two networks one cannot reach the exchange: "only from far"."""
    prefix = needs_scene_namespaces()
    needs_program("nsenter")
    diagnosis, history = tmp_path / "diagnosis.json", tmp_path / "history.sqlite"
    command = [*prefix, sys.executable, "-m", "tests.selftest.plugin.places"]
    finished = subprocess.run(
        [*command, str(tmp_path), f"--diagnosis={diagnosis}"],
        cwd=ROOT,
        env={
            **impersonal_variables(),
            "PYTHONPATH": "src",
            "COLUMNS": "80",
            "PREFLIGHT_HISTORY_URL": f"sqlite:///{history}",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=200,
    )
    screen = finished.stdout + finished.stderr
    assert finished.returncode == 1, screen
    document = json.loads(diagnosis.read_text(encoding="utf-8"))
    Draft202012Validator(schema()).validate(document)
    (lab,) = document["environments"]
    assert lab["root_cause"]["id"] == "tcp-prohibited"
    assert lab["seen_from"]["vantage"] == "far"
    said = "unreachable only from far; reachable from near"
    assert lab["seen_from"]["sentence"] == said
    assert f"\n  {said}.\n    near  reachable\n    far   unreachable" in screen
    assert document["verdict"] == "no-go"
    near, far = document["vantages"]
    assert (near["verdict"], far["verdict"]) == ("go", "no-go")
    seen = {
        each.vantage: each.runs[0].verdict
        for each in histories(Secret(f"sqlite:///{history}"))
    }
    assert seen == {"near": Reach.REACHABLE, "far": Reach.UNREACHABLE}
