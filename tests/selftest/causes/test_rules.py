"""What the rules may judge by, and what hints may say."""

import re
from dataclasses import replace
from itertools import product

import pytest

from kalshi_preflight.causes.findings import Context, Found
from kalshi_preflight.causes.row import Row
from kalshi_preflight.causes.rows import ROWS
from kalshi_preflight.causes.rules import RULES
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.evidence import Evidence, Failure
from kalshi_preflight.model.layer import Layer

pytestmark = pytest.mark.selftest

#: Explanations of a WebSocket refusal that are wrong, and common.
_WRONG = re.compile(r"permission|\btiers?\b|\bbeta\b|approv|entitle", re.I)
#: The one cause that a JSON error about the key's rights has brought about.
_SAID_IN_JSON = {"ws-forbidden"}
_KINDS = (
    "timeout",
    "reset",
    "closed",
    "protocol",
    "decoding",
    "too-large",
    "malformed",
    "upgrade-invalid",
    "tls-protocol",
)
_TEXTS = (
    "Server disconnected without sending a response.",
    "peer closed connection without sending complete message body",
    "illegal status line",
    "",
    "Verbindung abgebrochen",
)
_PROGRESS: tuple[dict[str, object], ...] = (
    {},
    {"received_bytes": 0, "first_bytes": "", "ended": True},
    {"received_bytes": 20, "first_bytes": "HTTP/1.1 200", "ended": True},
    {"received_bytes": 20, "first_bytes": "<html>", "ended": True},
    {"received_bytes": 99, "first_bytes": "HTTP/1.1 200", "status": 200},
)


def context() -> Context:
    """A journey to somewhere."""
    target = HostPort("api.test", 443)
    endpoint = Endpoint(kind=EndpointKind.REST, target=target, url="https://api.test/x")
    environment = Environment(name="lab", endpoints={EndpointKind.REST: endpoint})
    return Context(environment=environment, endpoint=endpoint)


def ids(evidence: Evidence) -> list[str]:
    """The causes that the rule of the layer finds."""
    findings = RULES[evidence.layer](evidence, context())
    return [finding.id for finding in findings if isinstance(finding, Found)]


@pytest.mark.parametrize("layer", [Layer.HTTP, Layer.AUTH, Layer.WEBSOCKET])
def test_no_rule_reads_the_text_of_an_exception(layer: Layer) -> None:
    """The same failure in other words, or in another language, is the same cause."""
    for kind, progress in product(_KINDS, _PROGRESS):
        facts = {Layer.AUTH: {"balance": progress}}.get(layer, progress)
        failure = Failure(operation="request", kind=kind)
        evidence = Evidence(layer=layer, facts=facts, failure=failure)
        found = [
            ids(replace(evidence, failure=replace(failure, text=text)))
            for text in _TEXTS
        ]
        assert all(causes == found[0] for causes in found), (kind, progress)


@pytest.mark.parametrize(
    ("progress", "cause"),
    list(
        zip(
            _PROGRESS[1:],
            (
                "http-connection-closed",
                "http-connection-closed",
                "http-protocol-error",
                "http-truncated",
            ),
            strict=True,
        )
    ),
)
def test_the_bytes_tell_how_an_answer_ended(
    progress: dict[str, object], cause: str
) -> None:
    """Nothing, a beginning, another language and a part of a body are four things."""
    failure = Failure(operation="request", kind="protocol")
    evidence = Evidence(layer=Layer.HTTP, facts=progress, failure=failure)
    assert ids(evidence) == [cause]


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.layer is Layer.WEBSOCKET],
    ids=lambda row: row.id,
)
def test_no_hint_repeats_the_wrong_explanation(row: Row) -> None:
    """Rights are spoken of only where the exchange spoke of them, in JSON."""
    said = (
        row.summary,
        row.why,
        *row.check.posix,
        *row.check.powershell,
        *row.fix.posix,
        *row.fix.powershell,
    )
    wrong = [text for text in said if _WRONG.search(text)]
    assert not wrong or row.id in _SAID_IN_JSON, wrong
