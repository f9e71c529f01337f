"""The catalogue: complete rows, sound advice, ids that are contract."""

import re
from string import Formatter

import pytest

from kalshi_preflight.causes.catalogue import CATALOGUE
from kalshi_preflight.causes.row import Row
from kalshi_preflight.causes.rows import ROWS
from kalshi_preflight.model.cause import Severity

pytestmark = pytest.mark.selftest

#: Advice that would lower security, in whatever disguise.
LOWERED = re.compile(
    r"verify\s*=\s*False|CERT_NONE|--insecure|curl[^|]* -\w*k\b|PYTHONHTTPSVERIFY=0"
    r"|SkipCertificateCheck|set-ExecutionPolicy|ufw disable|setenforce 0"
    r"|advfirewall set \w+ state off|-Enabled False|sslmode=disable|chmod 777",
    re.IGNORECASE,
)
#: Words that a refused WebSocket never earns without a JSON error about scopes.
UNEARNED = re.compile(r"permission|\btier\b|\bbeta\b|approval", re.IGNORECASE)


def texts(row: Row) -> list[str]:
    """Every text of a row."""
    shells = (row.check.posix, row.check.powershell, row.fix.posix, row.fix.powershell)
    return [row.summary, row.why, *(line for lines in shells for line in lines)]


def test_ids_are_unique() -> None:
    """No id stands for two causes."""
    assert len(CATALOGUE) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_whole(row: Row) -> None:
    """Every cause says why, and how to check and mend it in both kinds of shells."""
    assert row.summary
    assert row.why
    for commands in (row.check, row.fix):
        assert commands.posix
        assert commands.powershell
    assert row.more is None or row.more.startswith("https://")
    for text in texts(row):
        assert text.isascii(), text
        list(Formatter().parse(text))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_no_row_lowers_security(row: Row) -> None:
    """No advice switches a check off."""
    assert not [text for text in texts(row) if LOWERED.search(text)]


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.id.startswith("ws-") and row.id != "ws-forbidden"],
    ids=lambda row: row.id,
)
def test_a_refused_upgrade_is_not_blamed_on_the_key(row: Row) -> None:
    """The common wrong explanation is only ever named to be denied."""
    for text in texts(row):
        for found in UNEARNED.finditer(text):
            before = text[: found.start()].lower()
            assert re.search(r"\b(no|not|nothing|without)\b[^.]*$", before), text


def test_severities_follow_the_contract() -> None:
    """Warnings and notes are the few that are named so; all else is broken."""
    softer = {row.id for row in ROWS if row.severity is not Severity.BROKEN}
    named = {
        "dns-slow",
        "fix-port-mismatch",
        "host-alternate-better",
        "http-slow",
        "http-stale",
        "key-escaped-newlines",
        "key-names-conflict",
        "key-readable-by-others",
        "dotenv-malformed",
        "proxy-scheme-missing",
        "tcp-ipv6-broken",
        "tcp-slow",
        "tcp-some-addresses-fail",
        "tls-certificate-expiring",
        "trading-paused",
        "ws-origin-refused",
        "ws-sequence-gap",
        "ws-slow",
    }
    assert softer == named
