"""HTTP: does the exchange's public status answer, and with what?"""

from kalshi_preflight.probes.line import Line, Notes, NothingToDo

#: The facts about our clock that an answer gives.
CLOCK_FACTS = ("clock_offset_seconds", "our_time", "exchange_time")
STATUS_PATH = "/exchange/status"


async def probe(line: Line, notes: Notes) -> None:
    """GET ``/exchange/status``, which needs no key (and so proves nothing about one).

    Notes the answer (``exchange_client``) and, from its body, ``exchange_active``,
    ``trading_active``, ``resume_time`` and ``paused_shards``. Status bodies come also
    with 500, 503 and 504 (docs.kalshi.com, get-exchange-status), so the body is read
    whatever the code.
    """
    from kalshi_preflight.probes.exchange_client import ExchangeClient

    if line.tls is None:
        raise NothingToDo("no connection")
    line.client = ExchangeClient(line, line.tls)
    await line.client.get(STATUS_PATH, notes)
    line.clock = {name: notes[name] for name in CLOCK_FACTS if name in notes}
    document = notes.get("json")
    if isinstance(document, dict):
        for field in ("exchange_active", "trading_active"):
            if field in document:
                notes[field] = document[field]
        if document.get("exchange_estimated_resume_time"):
            notes["resume_time"] = str(document["exchange_estimated_resume_time"])
        if paused := _paused_shards(document):
            notes["paused_shards"] = paused


def _paused_shards(document: Notes) -> list[str]:
    """The parts of the exchange that take no orders while the first of them does.

    The top level mirrors shard 0; the list may be absent (docs.kalshi.com,
    get-exchange-status).
    """
    shards = document.get("exchange_index_statuses")
    if not isinstance(shards, list):
        return []
    return [
        str(shard.get("description") or shard.get("exchange_index"))[:60]
        for shard in shards
        if isinstance(shard, dict)
        and False in (shard.get("exchange_active"), shard.get("trading_active"))
    ]
