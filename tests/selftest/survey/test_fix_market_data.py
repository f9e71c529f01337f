"""Market data over FIX: looked at up to the certificate, and not one byte further."""

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.journey import Diagnosis, Journey, Reach, Status
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.surveys import survey_environment

pytestmark = pytest.mark.selftest

MARKET_DATA = EndpointKind.FIX_MARKET_DATA


def lab(exchange: Exchange) -> Environment:
    """The exchange's FIX port, taken for that of its market data."""
    environment = sandbox_environment(exchange.state, fix_logon=True)
    endpoints = dict(environment.endpoints)
    fix = endpoints.pop(EndpointKind.FIX)
    endpoints[MARKET_DATA] = replace(fix, kind=MARKET_DATA, target_comp_id="")
    return replace(environment, endpoints=endpoints)


def market_data(diagnosis: Diagnosis) -> Journey:
    """The journey to the market data."""
    journey = diagnosis.journey(MARKET_DATA)
    assert journey is not None
    return journey


def test_the_way_is_taken_and_nothing_said(tmp_path: Path) -> None:
    """DNS, TCP and TLS are proved; even with the wish to log on, no byte follows."""
    with Exchange(tmp_path) as exchange:
        diagnosis = survey_environment(lab(exchange), fix=True, budget_seconds=10)
        assert exchange.ledger.connections("fix") == 1
        assert exchange.ledger.fix_bytes == 0
    steps = {str(s.layer): s.status for s in market_data(diagnosis).steps}
    assert steps == dict.fromkeys(("dns", "tcp", "tls"), Status.OK)
    assert diagnosis.verdict is Reach.REACHABLE


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("fix-refused", "tcp-refused"), ("fix-untrusted", "tls-unknown-issuer")],
)
def test_what_is_broken_there_only_warns(
    fault: str, cause: str, tmp_path: Path
) -> None:
    """The cause is that of its layer; nobody requires market data over FIX."""
    with Exchange(tmp_path, faults=[fault]) as exchange:
        diagnosis = survey_environment(lab(exchange), fix=True, budget_seconds=10)
    assert [(c.id, c.endpoint) for c in diagnosis.other_causes] == [
        (cause, MARKET_DATA)
    ]
    assert diagnosis.verdict is Reach.DEGRADED


async def first_bytes(kind: EndpointKind) -> list[bytes]:
    """What a server that never answers is sent first, on every connection."""
    received: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            received.append(await reader.read(65536))
        writer.transport.abort()

    server = await asyncio.start_server(keep, "127.0.0.1", 0)
    target = HostPort("127.0.0.1", server.sockets[0].getsockname()[1])
    endpoint = Endpoint(kind=kind, target=target, url=f"https://{target}/trade-api/v2")
    environment = Environment(name="lab", endpoints={kind: endpoint})
    async with server:
        await asyncio.to_thread(survey_environment, environment, fix=True)
    return [data for data in received if data]


@pytest.mark.parametrize("kind", list(EndpointKind))
def test_http_is_offered_where_it_is_spoken(kind: EndpointKind) -> None:
    """No handshake with a FIX engine names HTTP (ALPN); no request is made there."""
    sent = asyncio.run(first_bytes(kind))
    hellos = [data for data in sent if data[:1] == b"\x16"]
    assert hellos
    assert {b"http/1.1" in hello for hello in hellos} == {not kind.is_fix}
    if kind.is_fix:
        assert hellos == sent, "something else than handshakes was begun"
