"""Several vantage points: one verdict each, and a sentence over all."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kalshi_preflight.report.html import summary_html
from kalshi_preflight.report.schema import schema
from kalshi_preflight.report.terminal import last_line, verdict_block
from kalshi_preflight.report.vantages import sentence, united
from kalshi_preflight.report.verdict import reason_against
from tests.selftest.report.surveys import (
    DNS_FAILURE,
    EXPIRED,
    broken,
    degraded,
    healthy,
    made,
)

pytestmark = pytest.mark.selftest


def _united(**seen: Any) -> Any:
    """The document of a run with these vantage points."""
    return united(made(vantage="controller"), list(seen.items()))


def _verdicts(**seen: str) -> list[dict[str, Any]]:
    """What vantage points say, as ``near="unreachable tcp-timeout"``."""
    told = {vantage: f"{said} ".split(" ") for vantage, said in seen.items()}
    return [
        {"vantage": vantage, "verdict": words[0], "cause": words[1] or None}
        for vantage, words in told.items()
    ]


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ({"a": "reachable", "b": "reachable"}, "reachable from everywhere"),
        (
            {"a": "unreachable tcp-timeout", "b": "unreachable tcp-timeout"},
            "unreachable from everywhere",
        ),
        (
            {"a": "unreachable tcp-timeout", "b": "unreachable tls-stalled"},
            "unreachable from everywhere, for different reasons",
        ),
        (
            {"a": "reachable", "b": "unreachable tcp-timeout", "c": "reachable"},
            "unreachable only from b; reachable from a and c",
        ),
        (
            {"a": "degraded", "b": "unreachable x-y", "c": "reachable"},
            "unreachable only from b; degraded from a; reachable from c",
        ),
        ({"a": "reachable", "b": "unknown"}, "reachable from a; unknown from b"),
        ({"a": "degraded"}, "degraded from a, the only vantage point"),
    ],
)
def test_one_sentence_over_all(verdicts: dict[str, str], said: str) -> None:
    """The sentence says who sees what, the worst first."""
    assert sentence(_verdicts(**verdicts)) == said


def test_all_well_is_go() -> None:
    """Two healthy vantage points are a valid document that says go."""
    document = _united(near=made(healthy()), far=made(healthy()))
    Draft202012Validator(schema()).validate(document)
    assert document["verdict"] == "go"
    assert document["vantage"] == "controller"
    assert [each["vantage"] for each in document["vantages"]] == ["near", "far"]
    assert last_line(document) == "PREFLIGHT: GO"


def test_the_worst_counts_and_is_shown() -> None:
    """What one of three cannot reach is unreachable, with that one's root cause."""
    document = _united(
        near=made(healthy(), degraded()),
        far=made(broken(DNS_FAILURE), degraded()),
        farther=made(broken(EXPIRED), degraded()),
    )
    Draft202012Validator(schema()).validate(document)
    production, demo = document["environments"]
    assert production["root_cause"]["id"] == "dns-name-not-found"
    assert production["seen_from"]["vantage"] == "far"
    assert demo["seen_from"]["sentence"] == "degraded from everywhere"
    assert document["verdict"] == "no-go"
    assert last_line(document) == "PREFLIGHT: NO-GO dns-name-not-found"
    rows = [each["cause"] for each in production["seen_from"]["verdicts"]]
    assert rows == [None, "dns-name-not-found", "tls-certificate-expired"]


def test_a_lost_vantage_point_is_a_no_go() -> None:
    """Nothing heard is no proof: the document names the one that was lost."""
    document = _united(near=made(healthy()), far=None)
    Draft202012Validator(schema()).validate(document)
    assert document["verdict"] == "no-go"
    assert document["gate_reason"] == "vantage-lost"
    (production,) = document["environments"]
    assert (
        production["seen_from"]["sentence"] == "reachable from near; unknown from far"
    )


def test_all_lost_is_a_no_go() -> None:
    """Where nobody was heard, nothing was surveyed, and the document is valid."""
    document = _united(near=None, far=None)
    Draft202012Validator(schema()).validate(document)
    assert document["verdict"] == "no-go"


def test_what_one_gate_refuses_all_refuse() -> None:
    """A gate's reason at one vantage point is the whole run's."""
    paused = made(healthy(), gate_reason="trading-paused")
    document = _united(near=made(healthy()), far=paused)
    assert last_line(document) == "PREFLIGHT: NO-GO trading-paused"


@pytest.mark.parametrize(
    "vantages",
    [
        [],
        "near",
        [None],
        [{"vantage": "near"}],
        [{**made(healthy()), "verdict": "no-go"}],
        [{**made(healthy()), "environments": []}],
        [{**made(healthy()), "vantages": [[]], "tests": {"failed": 1}}],
    ],
)
def test_a_go_needs_every_vantage_point(vantages: Any) -> None:
    """A document that says go while one of its vantage points does not is refused."""
    document = {**made(healthy()), "vantages": vantages}
    assert reason_against(made(healthy())) is None
    assert reason_against(document) is not None


def test_the_terminal_says_from_where() -> None:
    """The block has the sentence and a line for each vantage point, in 80 columns."""
    document = _united(**{"near": made(healthy()), "f" * 90: made(broken(DNS_FAILURE))})
    (production,) = document["environments"]
    told: Any = {"width": 80, "shell": "powershell", "colour": False}
    block = verdict_block(production, **told)
    assert all(len(line) <= 80 for line in block.splitlines() if "$env" not in line)
    assert "    near                            reachable" in block
    assert "unreachable  dns-name-not-found" in block
    assert "Below: as seen from fffff" in block


def test_the_page_says_from_where() -> None:
    """The HTML has the sentence, with hostile names escaped."""
    document = _united(
        **{"near": made(healthy()), "<b>far</b>": made(broken(DNS_FAILURE))}
    )
    page = summary_html(document)
    assert "unreachable only from &lt;b&gt;far&lt;/b&gt;; reachable from near" in page
    assert "<b>far</b>" not in page
