"""The FIX rule: every refusal by its words and codes, every mismatch by its numbers."""

from typing import Any

import pytest

from kalshi_preflight.causes.findings import Ask, BlockedBy, Context, Found
from kalshi_preflight.causes.rules import fix
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.layer import Layer

pytestmark = pytest.mark.selftest

MM, MD = "mm.fix.elections.kalshi.com", "marketdata.fix.elections.kalshi.com"
DEMO, DEMO_MD = "fix.demo.kalshi.co", "marketdata.fix.demo.kalshi.co"


def context(
    host: str = "fix.example",
    port: int = 9999,
    target_comp_id: str = "KalshiNR",
    rest: dict[str, Any] | None = None,
) -> Context:
    """A context with this FIX endpoint, and what REST has said of the clock."""
    endpoint = Endpoint(
        kind=EndpointKind.FIX,
        target=HostPort(host, port),
        target_comp_id=target_comp_id,
    )
    return Context(
        environment=Environment(name="lab", endpoints={EndpointKind.FIX: endpoint}),
        endpoint=endpoint,
        observations={} if rest is None else {"rest-auth": rest},
    )


def refused(**facts: Any) -> Evidence:
    """A step that ended with a refusal of the logon."""
    return Evidence(
        layer=Layer.FIX, facts={"awaiting": "Logon", "refusal": "Logout", **facts}
    )


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({"text": "API usage level is not allowed for FIX"}, "fix-logon-tier"),
        ({"text": "Invalid TargetCompID"}, "fix-logon-target"),
        ({"text": "already exists"}, "fix-logon-duplicate"),
        ({"text": "rate limit exceeded"}, "fix-logon-rate-limited"),
        (
            {"text": "FIX logon service busy; retry with backoff"},
            "fix-logon-rate-limited",
        ),
        ({"text": "Signature does not verify"}, "fix-logon-signature"),
        ({"text": "something else"}, "fix-logon-refused"),
        ({"text": ""}, "fix-logon-refused"),
        ({"reject_reason": 8}, "fix-logon-signature"),
        ({"reject_reason": 9, "reject_tag": 56}, "fix-logon-target"),
        ({"reject_reason": 9, "reject_tag": 49}, "fix-logon-refused"),
        ({"reject_reason": 1, "reject_tag": 96}, "fix-logon-signature"),
        ({"reject_reason": 5, "reject_tag": 108}, "fix-logon-refused"),
        ({"business_reject_reason": 8}, "fix-logon-rate-limited"),
        ({"business_reject_reason": 6}, "fix-logon-refused"),
        # A code is worth more than words beside it.
        ({"reject_reason": 8, "text": "already exists"}, "fix-logon-signature"),
    ],
)
def test_refusals_have_their_causes(facts: dict[str, Any], cause: str) -> None:
    """Documented and recorded refusals, by code first and by text then."""
    (found,) = fix.judge(refused(**facts), context())
    assert isinstance(found, Found)
    assert found.id == cause


def test_a_logout_after_the_logon_is_no_refusal_of_it() -> None:
    """Whoever was let in and is put out again has a right key: the session ended."""
    facts = {"logon_ms": 1.0, "awaiting": "TestRequest", "text": "already exists"}
    (found,) = fix.judge(refused(**facts), context())
    assert isinstance(found, Found)
    assert (found.id, found.question) == ("fix-closed", "test_heartbeat_is_answered")


@pytest.mark.parametrize(
    "facts",
    [
        {"reject_reason": 10},
        {"reject_reason": 6, "reject_tag": 52},
        {"text": "SendingTime accuracy problem"},
    ],
)
def test_a_refused_time_is_the_clocks_unless_rest_has_said_so(
    facts: dict[str, Any],
) -> None:
    """The clock is asked of REST first: a cause that stands there is not said twice."""
    evidence = refused(**facts)
    assert list(fix.judge(evidence, context())) == [Ask("rest-auth")]
    blocked = fix.judge(evidence, context(rest={"cause": "clock-skewed"}))
    assert list(blocked) == [BlockedBy("clock-skewed")]
    for other in ({"cause": None}, {"cause": "key-id-missing"}, {"failure": "x"}):
        (found,) = fix.judge(evidence, context(rest=other))
        assert isinstance(found, Found)
        assert found.id == "fix-logon-clock"


@pytest.mark.parametrize(
    ("host", "port", "target_comp_id", "right"),
    [
        (MM, 8228, "KalshiDC", (MM, 8229)),
        (MM, 8229, "KalshiNR", (MM, 8228)),
        (MM, 8228, "KalshiMD", (MD, 8233)),
        (MM, 8233, "KalshiMD", (MD, 8233)),
        (MD, 8228, "KalshiNR", (MM, 8228)),
        (DEMO, 443, "KalshiNR", (DEMO, 8228)),
        (DEMO_MD, 8233, "KalshiNR", (DEMO, 8228)),
        ("stunnel.example", 8228, "KalshiRT", ("stunnel.example", 8230)),
        (MM, 8230, "Kalshi", (MM, 8230)),
    ],
)
def test_what_does_not_belong_together_is_warned_of(
    host: str, port: int, target_comp_id: str, right: tuple[str, int]
) -> None:
    """The warning names the place where the configured session really is."""
    (found,) = fix.offline(context(host, port, target_comp_id))
    assert isinstance(found, Found)
    assert found.id == "fix-port-mismatch"
    shown = found.particulars
    assert (shown["right_host"], shown["right_port"]) == right


@pytest.mark.parametrize(
    ("host", "port", "target_comp_id"),
    [
        (MM, 8228, "KalshiNR"),
        (MM, 8232, "KalshiRFQ"),
        (MD, 8233, "KalshiMD"),
        (DEMO, 8230, "KalshiRT"),
        (DEMO_MD, 8233, "KalshiMD"),
        ("127.0.0.1", 9878, "KalshiNR"),
        ("fix.example", 443, "EXAMPLE"),
    ],
)
def test_what_belongs_together_is_not(
    host: str, port: int, target_comp_id: str
) -> None:
    """Documented combinations, and laboratories, are left alone."""
    assert list(fix.offline(context(host, port, target_comp_id))) == []


def test_the_exchanges_word_stands_for_the_warning() -> None:
    """Refused for its TargetCompID, a mismatch is not said a second time."""
    facts = {"text": "Invalid TargetCompID"}
    found = fix.judge(refused(**facts), context(MM, 8229, "KalshiNR"))
    assert [f.id for f in found if isinstance(f, Found)] == ["fix-logon-target"]
