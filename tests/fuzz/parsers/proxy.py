"""A proxy's answer to CONNECT."""

import asyncio
from typing import Any

from kalshi_preflight.causes.catalogue import cause_of
from kalshi_preflight.causes.findings import Context, Found
from kalshi_preflight.causes.rules import tcp
from kalshi_preflight.model.environment import EndpointKind, HostPort
from kalshi_preflight.model.evidence import Evidence, Failure
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.route import Proxy, Route
from kalshi_preflight.probes.tunnel import open_tunnel
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import TARGET as PEER
from tests.fuzz.climbing import laboratory, wire_of
from tests.fuzz.parsers import http

_ROUTE = Route(
    target=PEER,
    destination=PEER,
    proxy=Proxy(source="HTTPS_PROXY", shown="x", address=HostPort("127.0.0.1", 3128)),
)


def attempt(data: bytes) -> str:
    """The cause found when ``data`` answers CONNECT."""
    connect: dict[str, Any] = {}
    failure: Failure | None = None
    try:
        asyncio.run(_open(data, connect))
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        failure = failure_of(error, "tcp")
        assert failure.kind != "unexpected", failure
    evidence = Evidence(
        layer=Layer.TCP,
        facts={
            "connect": connect,
            "proxy": "http://127.0.0.1:3128",
            "proxy_setting": "HTTPS_PROXY",
            "attempts": [
                {"address": "127.0.0.1:3128", "elapsed_ms": 1.0, "failure": None}
            ],
            "connected_to": "127.0.0.1:3128",
        },
        failure=failure,
    )
    environment = laboratory()
    endpoint = environment.endpoints[EndpointKind.REST]
    found = tcp.judge(evidence, Context(environment=environment, endpoint=endpoint))
    causes = [
        cause_of(each, Layer.TCP, environment, endpoint)
        for each in found
        if isinstance(each, Found)
    ]
    assert causes or failure is None, "refused, and nobody to blame"
    return ", ".join(cause.id for cause in causes) or "ok"


async def _open(data: bytes, notes: dict[str, Any]) -> None:
    await open_tunnel(wire_of(data, 999), _ROUTE, notes)  # type: ignore[arg-type]


TARGET = Target(
    name="proxy",
    modules=(
        "probes.tunnel",
        "probes.route",
        "probes.tcp",
        "causes.rules.tcp",
        "causes.rules.proxy",
    ),
    attempt=attempt,
    short=1_000,
    whole=40_000,
    words=(*http.WORDS, b"HTTP/1.1 407 Proxy Authentication Required\r\n"),
)
