"""GET requests to the exchange, and what there is to say about an answer."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from kalshi_preflight import __version__
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.transport import WireTransport
from kalshi_preflight.probes.wire import PeerClosed, TooMuch, Wire

#: The cap on a body, before and after decompression.
BODY_LIMIT_BYTES = 1024 * 1024
#: How much of a body is kept as evidence.
_SHOWN_CHARACTERS = 2000
USER_AGENT = f"kalshi-preflight/{__version__} python-httpx/{httpx.__version__}"

#: Headers that tell who answered; no other header is kept.
TELLING_HEADERS = (
    "age",
    "content-length",
    "content-type",
    "date",
    "location",
    "retry-after",
    "sec-websocket-version",
    "server",
    "upgrade",
    "via",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-cache",
)


class ExchangeClient:
    """The journey's HTTP client: one connection, GET only.

    When the server closes the connection after an answer, the next request opens one
    more to the same address; that is the server's right (RFC 9112 §9.6).
    """

    def __init__(self, line: Line, wire: Wire) -> None:
        self._line = line
        self._http = self._over(wire)

    def _over(self, wire: Wire) -> httpx.AsyncClient:
        base = httpx.URL(self._line.endpoint.url)
        return httpx.AsyncClient(
            transport=WireTransport(wire, base),
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            trust_env=False,
            follow_redirects=False,
        )

    async def get(
        self, path: str, notes: Notes, headers: Mapping[str, str] | None = None
    ) -> None:
        """GET ``path`` below the base URL and note the answer (:func:`note_answer`).

        Raises whatever ends the exchange of bytes; what was seen until then is noted.
        """
        try:
            await self._exchange(path, notes, headers)
        except PeerClosed:
            if notes:
                raise
            await self._http.aclose()
            self._http = self._over(await self._line.open())
            await self._exchange(path, notes, headers)

    async def _exchange(
        self, path: str, notes: Notes, headers: Mapping[str, str] | None
    ) -> None:
        url = self._line.endpoint.url.rstrip("/") + path
        started = time.perf_counter()
        sent_unix_seconds = time.time()
        async with self._http.stream("GET", url, headers=headers) as answer:
            arrived = time.perf_counter()
            notes["first_byte_ms"] = round((arrived - started) * 1000, 1)
            _note_head(answer, notes)
            # The server wrote its Date half a round trip ago, at best.
            middle = sent_unix_seconds + (arrived - started) / 2
            _note_clock(answer, notes, middle)
            _note_body(await _body(answer), notes)
        notes["elapsed_ms"] = round((time.perf_counter() - started) * 1000, 1)


def _note_head(answer: httpx.Response, notes: Notes) -> None:
    notes["status"] = answer.status_code
    notes["http_version"] = answer.http_version
    notes["headers"] = {
        name: answer.headers[name][:300]
        for name in TELLING_HEADERS
        if name in answer.headers
    }


def _note_clock(answer: httpx.Response, notes: Notes, middle: float) -> None:
    """Note by how many seconds our clock is ahead of the exchange's (negative: behind).

    ``Date`` has a resolution of one second and is cut, not rounded, so half a second is
    added. A cached answer carries an old ``Date`` and says nothing (RFC 9111 §5.1).
    """
    if "age" in answer.headers:
        return
    try:
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError, TypeError):
        return
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    offset = middle - (theirs.timestamp() + 0.5)
    notes["clock_offset_seconds"] = round(offset, 1)
    notes["exchange_time"] = theirs.astimezone(UTC).isoformat()
    notes["our_time"] = datetime.fromtimestamp(middle, UTC).isoformat(
        timespec="seconds"
    )


async def _body(answer: httpx.Response) -> bytes:
    """The decompressed body; raises :class:`TooMuch` over the cap."""
    body = bytearray()
    async for part in answer.aiter_bytes(65536):
        body += part
        if len(body) > BODY_LIMIT_BYTES:
            raise TooMuch(f"the body is over {BODY_LIMIT_BYTES} bytes")
    return bytes(body)


def _note_body(body: bytes, notes: Notes) -> None:
    notes["body_bytes"] = len(body)
    text = body.decode("utf-8", "replace")
    notes["body"] = text[:_SHOWN_CHARACTERS]
    try:
        notes["json"] = json.loads(text)
    except (ValueError, RecursionError):
        notes["json"] = None
        return
    notes["error"] = _error(notes["json"])


def _error(document: Any) -> dict[str, str] | None:
    """Code, message and details of an error, whichever of the exchange's shapes it has.

    The shapes: ``{"error": {…}}``, flat ``{"code": …}``, ``{"msg": …}`` and
    ``{"error": "…"}``.
    """
    if not isinstance(document, dict):
        return None
    inner = document.get("error", document)
    if isinstance(inner, str):
        return {"code": inner, "message": inner, "details": ""}
    if not isinstance(inner, dict):
        return None
    code = inner.get("code", inner.get("msg"))
    if code is None:
        return None
    return {
        "code": str(code),
        "message": str(inner.get("message", inner.get("msg", ""))),
        "details": str(inner.get("details", "")),
    }
