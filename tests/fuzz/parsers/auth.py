"""The answers to signed requests: two of them, one after the other."""

import asyncio

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes.exchange_client import ExchangeClient
from kalshi_preflight.survey.journey import Traveller
from tests.fuzz import climbing
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import outcome_of, wire_of
from tests.fuzz.parsers import http


def attempt(data: bytes) -> str:
    """The cause found when ``data`` answers both requests for the balance."""
    return asyncio.run(_attempt(data))


async def _attempt(data: bytes) -> str:
    line = climbing.line(EndpointKind.REST)
    line.tls = wire_of(data)  # type: ignore[assignment]
    line.client = ExchangeClient(line, line.tls)  # type: ignore[arg-type]
    traveller: Traveller = climbing.traveller(line, Layer.AUTH)
    journey = await traveller.travel()
    return outcome_of(journey.steps[0])


TARGET = Target(
    name="auth",
    modules=("probes.auth", "causes.rules.auth"),
    attempt=attempt,
    short=500,
    whole=10_000,
    words=(
        *http.WORDS,
        b"HTTP/1.1 401 Unauthorized\r\n",
        b"INCORRECT_API_KEY_SIGNATURE",
        b"header_timestamp_expired",
        b"NOT_FOUND",
    ),
)
