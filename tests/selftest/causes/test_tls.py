"""The TLS rules alone: complete over all codes and alerts, modest in their words."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import certifi
import pytest

from kalshi_preflight.causes.catalogue import CATALOGUE, cause_of, hint_for
from kalshi_preflight.causes.findings import Ask, Context, Finding, Found
from kalshi_preflight.causes.interception import PRODUCTS, product_of
from kalshi_preflight.causes.rows import tls as rows
from kalshi_preflight.causes.rules import tls as rule
from kalshi_preflight.exchange.faults.tls_intercepted import ROOTS
from kalshi_preflight.model.alerts import ALERT_NAMES
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes.certificate import describe, name_in_words, parse
from kalshi_preflight.probes.failures import TLS_ALERTS
from kalshi_preflight.probes.trust import anchors_in

pytestmark = pytest.mark.selftest

_ENDPOINT = Endpoint(
    kind=EndpointKind.REST, target=HostPort("a.test", 443), url="https://a.test/v2"
)
_ENVIRONMENT = Environment(name="lab", endpoints={EndpointKind.REST: _ENDPOINT})


def ask_the_rule(evidence: Evidence, observations: Facts) -> Sequence[Finding]:
    """Give the rule every observation that it asks for, or one that failed."""
    made: dict[str, Facts] = {}
    while True:
        context = Context(
            environment=_ENVIRONMENT, endpoint=_ENDPOINT, observations=made
        )
        findings = rule.judge(evidence, context)
        asked = [each.observation for each in findings if isinstance(each, Ask)]
        if not asked:
            return findings
        failed = {"failure": "timeout"}
        made.update({name: observations.get(name, failed) for name in asked})


def check(findings: Sequence[Finding]) -> Found:
    """The only finding is a row, and its words have all their particulars."""
    (found,) = findings
    assert isinstance(found, Found)
    assert found.id in CATALOGUE
    cause = cause_of(found, Layer.TLS, _ENVIRONMENT, _ENDPOINT)
    text = f"{cause.summary} {hint_for(cause)}"
    assert not re.search(r"\bNone\b(?!, )", cause.summary), text
    return found


def evidence_of(kind: str, code: int | None = None, **facts: Any) -> Evidence:
    """A TLS step that failed in this way."""
    failure = Failure(operation="tls", kind=kind, code=code, text="text")
    return Evidence(layer=Layer.TLS, failure=failure, facts=facts)


def a_chain() -> Facts:
    """A chain of one certificate: any root will do."""
    der = anchors_in(Path(certifi.where()))[0]
    return {"chain": [describe(der, now=datetime.now(UTC))], "path": [0]}


@pytest.mark.parametrize("code", range(1, 100))
@pytest.mark.parametrize("looked", [True, False])
def test_every_verify_code_has_a_cause(code: int, looked: bool) -> None:
    """Whatever code verification gives, and whatever can be seen, there is a cause."""
    observations = {"unverified-chain": a_chain()} if looked else {}
    found = check(ask_the_rule(evidence_of("certificate", code), observations))
    assert found.id.startswith("tls-")


@pytest.mark.parametrize("number", range(256))
def test_every_alert_has_a_cause(number: int) -> None:
    """Whatever alert a peer sends, known or not, there is a cause."""
    kind = TLS_ALERTS.get(number, "tls-damaged")
    found = check(
        ask_the_rule(evidence_of("tls-damaged", alert_kind=kind, alert_words="x"), {})
    )
    assert found.id.startswith("tls-")


def test_every_known_alert_has_a_kind() -> None:
    """The table of kinds knows every alert by name but those of stapled answers."""
    assert set(ALERT_NAMES) - set(TLS_ALERTS) == {113, 115}


@pytest.mark.parametrize("kind", ["timeout", "reset", "closed", "tls-internal-error"])
def test_experiments_may_fail(kind: str) -> None:
    """Where no experiment could be made there is a cause all the same."""
    found = check(ask_the_rule(evidence_of(kind), {}))
    assert found.id in ("tls-stalled", "tls-reset", "tls-closed")


def test_every_product_is_known_by_its_root() -> None:
    """What products call their roots leads to a product."""
    for organisation, common_name, _ in ROOTS.values():
        assert product_of([f"{organisation}, {common_name}"]) in PRODUCTS.values()


def test_words_of_products_are_no_parts_of_words() -> None:
    """``eset`` is not in ``reset``, nor ``avg`` in a word."""
    assert product_of(["Preset Bank, Asset CA", "Navgear"]) is None


def test_no_public_root_is_taken_for_a_product() -> None:
    """No root of the public list bears the name of an interception product."""
    roots = map(parse, anchors_in(Path(certifi.where())))
    names = [name_in_words(root.subject) for root in roots]
    assert [name for name in names if product_of([name])] == []


def test_no_remedy_lowers_security() -> None:
    """No row tells anybody to check less, or to speak older TLS."""
    forbidden = re.compile(
        r"verify\s*=\s*False|CERT_NONE|--insecure|curl(\.exe)? -k|SECLEVEL|"
        r"PYTHONHTTPSVERIFY|VERIFY_X509_STRICT|-tls1(_1)?\b|check_hostname",
    )
    for row in rows.ROWS:
        assert not forbidden.search(repr(row)), row.id
