"""GET requests to the exchange, and what there is to say about an answer."""

import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from kalshi_preflight import __version__
from kalshi_preflight.probes.compression import ACCEPTED, Unpacker
from kalshi_preflight.probes.documents import NotADocument, parsed
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.transport import Progress, WireTransport
from kalshi_preflight.probes.wire import Wire

#: The cap on a body, before and after decompression.
BODY_LIMIT_BYTES = 1024 * 1024
#: How much of a body is kept as evidence.
_SHOWN_CHARACTERS = 2000
USER_AGENT = f"kalshi-preflight/{__version__} python-httpx/{httpx.__version__}"

#: Headers that tell who answered; no other header is kept.
TELLING_HEADERS = (
    "age",
    "allow",
    "cf-ray",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "location",
    "proxy-authenticate",
    "retry-after",
    "sec-websocket-version",
    "server",
    "upgrade",
    "via",
    "www-authenticate",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amzn-errortype",
    "x-amzn-waf-action",
    "x-cache",
)


class ExchangeClient:
    """The journey's HTTP client: one connection, GET only.

    When the server closes the connection after an answer, the next request opens one
    more to the same address; that is the server's right at any time (RFC 9112 §9.6),
    also in the moment in which the request is on its way.
    """

    def __init__(self, line: Line, wire: Wire) -> None:
        self._line = line
        self._answered = False
        self._transport = WireTransport(wire)
        self._http = self._client()

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=self._transport,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": "application/json",
                "Accept-Encoding": ACCEPTED,
            },
            trust_env=False,
            follow_redirects=False,
        )

    async def get(
        self, path: str, notes: Notes, headers: Mapping[str, str] | None = None
    ) -> None:
        """GET ``path`` below the base URL and note the answer (:func:`note_answer`).

        Raises whatever ends the exchange of bytes; what was seen until then is noted,
        with ``received_bytes``, ``first_bytes`` and whether the peer ``ended`` it.

        The times run from the beginning: ``request_ms`` until the request had left,
        ``first_byte_ms`` until the answer began, ``elapsed_ms`` until its end.
        """
        try:
            await self._exchange(path, notes, headers)
        except Exception:
            # A used connection that dies without a byte was idle for too long: only a
            # fresh one tells whether anything is wrong.
            if not self._answered or notes.get("received_bytes"):
                raise
            await self._reopen()
            notes.clear()
            await self._exchange(path, notes, headers)
        self._answered = True

    async def _reopen(self) -> None:
        await self._http.aclose()
        wire = await self._line.open()
        self._line.tcp, self._line.tls = wire.tcp, wire
        self._transport = WireTransport(wire)
        self._http = self._client()
        self._answered = False

    async def _exchange(
        self, path: str, notes: Notes, headers: Mapping[str, str] | None
    ) -> None:
        url = self._line.endpoint.url.rstrip("/") + path
        started = time.perf_counter()
        sent_unix_seconds = time.time()
        request = self._http.build_request("GET", url, headers=headers)
        try:
            # Not through the client: that prepares the request that a redirect leads
            # to, also where none is followed, and fails where it leads nowhere.
            answer = await self._transport.handle_async_request(request)
            try:
                took_seconds = time.perf_counter() - started
                _note_head(answer, notes)
                _note_clock(answer, notes, sent_unix_seconds, took_seconds)
                note_body(await _body(answer), notes)
            finally:
                await answer.aclose()
        finally:
            progress = self._transport.progress
            _note_times(progress, started, notes)
            notes["received_bytes"] = progress.received_bytes
            notes["first_bytes"] = ascii(progress.first_bytes)[2:-1]
            notes["ended"] = progress.ended
        notes["elapsed_ms"] = round((time.perf_counter() - started) * 1000, 1)


def _note_times(progress: Progress, started: float, notes: Notes) -> None:
    """Note how far a request came, in milliseconds from its beginning."""
    for name, moment in (
        ("request_ms", progress.sent_at),
        ("first_byte_ms", progress.first_byte_at),
    ):
        if moment is not None:
            notes[name] = round((moment - started) * 1000, 1)


def _note_head(answer: httpx.Response, notes: Notes) -> None:
    notes["status"] = answer.status_code
    notes["http_version"] = answer.http_version
    notes["headers"] = {
        name: answer.headers[name][:300]
        for name in TELLING_HEADERS
        if name in answer.headers
    }


def _note_clock(
    answer: httpx.Response, notes: Notes, sent: float, took_seconds: float
) -> None:
    """Note by how many seconds our clock is ahead of the exchange's (negative: behind).

    ``Date`` has a resolution of one second and is cut, not rounded, so half a second is
    added. It was written at some moment between the request and the answer: only what
    no such moment explains counts as an offset. A cached answer carries an old ``Date``
    and says nothing (RFC 9111 §5.1); of it ``copy_age_seconds`` is noted instead.
    """
    theirs = moment_in(answer.headers.get("date", ""))
    if "age" in answer.headers or "hit" in answer.headers.get("x-cache", "").lower():
        notes["copy_age_seconds"] = _copy_age(answer, theirs, sent + took_seconds)
        return
    if theirs is None:
        return
    middle = sent + took_seconds / 2
    offset = middle - (theirs.timestamp() + 0.5)
    offset = math.copysign(max(0.0, abs(offset) - took_seconds / 2), offset)
    notes["clock_offset_seconds"] = round(offset, 1)
    notes["exchange_time"] = theirs.isoformat()
    notes["our_time"] = datetime.fromtimestamp(middle, UTC).isoformat(
        timespec="seconds"
    )


def moment_in(date: str) -> datetime | None:
    """The time that a ``Date`` header gives, in UTC; ``None`` if it gives none.

    Numbers that no calendar has raise errors of several kinds there, and a year 9999 is
    one too late as soon as its zone is taken off.
    """
    try:
        said = parsedate_to_datetime(date)
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _copy_age(
    answer: httpx.Response, theirs: datetime | None, now: float
) -> int | None:
    """The age of a copy, as it says itself, else by its date (RFC 9111 §4.2.3)."""
    age = answer.headers.get("age", "").strip()
    if age.isascii() and age.isdigit():
        return int(age[:10])
    return None if theirs is None else max(0, round(now - theirs.timestamp()))


async def _body(answer: httpx.Response) -> bytes:
    """The unpacked body; raises what :class:`Unpacker` raises."""
    unpacker = Unpacker(answer.headers.get("content-encoding", ""), BODY_LIMIT_BYTES)
    async for part in answer.aiter_raw(65536):
        unpacker.feed(part)
    return unpacker.whole()


def note_body(body: bytes, notes: Notes) -> None:
    """Note ``body_bytes``, the beginning of the ``body``, ``json`` and ``error``.

    ``unparsed`` says why there is no JSON.
    """
    notes["body_bytes"] = len(body)
    text = body.decode("utf-8", "replace")
    notes["body"] = text[:_SHOWN_CHARACTERS]
    try:
        notes["json"] = parsed(body)
    except NotADocument as error:
        notes["json"] = None
        notes["unparsed"] = str(error)
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
