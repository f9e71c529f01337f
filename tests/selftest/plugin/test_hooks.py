"""The hooks: anybody may replace a hint, and receives the finished document."""

import json
from pathlib import Path

import pytest

from tests.selftest.runs import run_suite

pytestmark = pytest.mark.selftest


def test_a_hint_is_replaced_and_the_document_received(tmp_path: Path) -> None:
    """A hint from outside is everywhere; the receiver gets what was written."""
    received = tmp_path / "received.json"
    run = run_suite(
        tmp_path / "diagnosis.json",
        "-m",
        "sandbox",
        "--fault=tcp-refused",
        "-p",
        "tests.selftest.plugin.own_hooks",
        variables={"RECEIVED": str(received)},
    )
    assert run.environment["root_cause"]["hint"]["why"] == "Ask Ada."
    assert "# call 4711: localhost" in run.screen
    assert json.loads(received.read_text(encoding="utf-8")) == run.document


def test_the_catalogue_is_the_last_implementation(tmp_path: Path) -> None:
    """A hint that nobody replaces is the suite's own."""
    run = run_suite(
        tmp_path / "diagnosis.json",
        "-m",
        "sandbox",
        "--fault=http-not-found",
        "-p",
        "tests.selftest.plugin.own_hooks",
        variables={"RECEIVED": str(tmp_path / "received.json")},
    )
    root = run.environment["root_cause"]
    assert root["id"] == "http-not-found"
    assert root["hint"]["why"] != "Ask Ada."
    assert root["hint"]["fix"]["powershell"]
