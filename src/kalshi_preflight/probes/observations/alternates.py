"""The other documented hosts of the same environment: does one of them answer?"""

import asyncio

from kalshi_preflight.model.environment import Endpoint
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.exchange_client import ExchangeClient
from kalshi_preflight.probes.http import STATUS_PATH
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.observations.sibling import climb

#: A host that takes longer is no better one.
_PATIENCE_SECONDS = 2.0


async def observe(line: Line, evidence: Evidence) -> Notes:
    """One unsigned GET of the status of each; ``working`` are those that are open.

    ``asked`` are all of them, as ``host:port``; nothing signed is sent.
    """
    endpoints = line.environment.alternates.get(line.endpoint.kind, ())
    answers = await asyncio.gather(*(_is_open(line, one) for one in endpoints))
    pairs = list(zip(endpoints, answers, strict=True))
    return {
        "asked": [str(endpoint.target) for endpoint in endpoints],
        "working": [str(endpoint.target) for endpoint, is_open in pairs if is_open],
    }


async def _is_open(line: Line, endpoint: Endpoint) -> bool:
    other = Line(environment=line.environment, endpoint=endpoint)
    answer: Notes = {}
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await climb(other)
            assert other.tls is not None  # tls.probe has succeeded
            await ExchangeClient(other, other.tls).get(STATUS_PATH, answer)
    except Exception:  # noqa: BLE001  # whatever is wrong with it, it is no better
        return False
    finally:
        other.close()
    document = answer.get("json")
    is_open = isinstance(document, dict) and document.get("exchange_active") is True
    return is_open and answer["status"] == 200
