"""WebSocket: does the upgrade succeed, is a subscription acknowledged, is it alive?

The protocol is websockets' own (its sans-I/O ``ClientProtocol``) over our wire: so the
body of a refusal is there to be read, which is where the truth about a 403 stands.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from kalshi_preflight.probes.exchange_client import TELLING_HEADERS, USER_AGENT
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.wire import PeerClosed, TlsWire

#: A public channel: any key may have it, and it needs no market.
_SUBSCRIBE = {"id": 1, "cmd": "subscribe", "params": {"channels": ["ticker"]}}
#: websockets logs every header of the handshake, the signature among them.
_SILENT = logging.getLogger("kalshi_preflight.silent")
_SILENT.disabled = True
_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)
_PING = b"kalshi-preflight"
_MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024
#: How many frames are read in search of the acknowledgement and the pong.
_FRAMES_LIMIT = 2000


class NotAMessage(Exception):
    """A data frame that is not JSON in UTF-8, as every message of the exchange is."""


async def probe(line: Line, notes: Notes) -> None:
    """Upgrade, subscribe to a public channel, ping; beside it, upgrade with ``Origin``.

    Notes ``signed``, ``upgrade`` (see :func:`_upgrade`), ``subscribed`` and
    ``acknowledged_ms``, ``first_data_ms``, ``pong_ms``, ``error`` (an error message's
    code and text), ``close`` (code and reason), and ``upgrade_with_origin``.
    """
    if line.tls is None:
        raise NothingToDo("no connection")
    notes["signed"] = line.identity.signer is not None
    experiment = asyncio.create_task(_with_origin(line))
    try:
        await _conversation(line, line.tls, notes)
    finally:
        notes["upgrade_with_origin"] = await _settled(experiment)


async def _settled(experiment: asyncio.Task[Notes]) -> Notes:
    """The experiment's outcome; it never delays the end of the journey by much."""
    done, _ = await asyncio.wait({experiment}, timeout=1.0)
    if not done:
        experiment.cancel()
        return {"failure": "timeout"}
    return experiment.result()


async def _with_origin(line: Line) -> Notes:
    """The same upgrade, one header more: what ``websocket-client`` sends by default."""
    notes: Notes = {}
    origin = f"https://{line.target.host}"
    if line.target.port != 443:
        origin += f":{line.target.port}"
    try:
        wire = await line.open()
        try:
            await _upgrade(line, wire, notes, origin=origin)
        finally:
            wire.close()
    except Exception as error:  # noqa: BLE001  # the experiment failed, not the journey
        notes["failure"] = failure_of(error, "upgrade").kind
    return notes


async def _conversation(line: Line, wire: TlsWire, notes: Notes) -> None:
    upgrade: Notes = {}
    notes["upgrade"] = upgrade
    protocol = await _upgrade(line, wire, upgrade)
    if upgrade["status"] != 101:
        return
    protocol.send_text(json.dumps(_SUBSCRIBE).encode())
    protocol.send_ping(_PING)
    sent = time.perf_counter()
    try:
        await _listen(protocol, wire, notes, sent)
    finally:
        if protocol.close_rcvd is not None:
            close = protocol.close_rcvd
            notes["close"] = {"code": int(close.code), "reason": close.reason}
    await _say_goodbye(protocol, wire)


async def _listen(
    protocol: ClientProtocol, wire: TlsWire, notes: Notes, sent: float
) -> None:
    """Read until the acknowledgement and the pong are there."""
    frames = 0
    async for frame in _frames(protocol, wire):
        frames += 1
        elapsed_ms = round((time.perf_counter() - sent) * 1000, 1)
        _note_frame(frame, notes, elapsed_ms)
        settled = "acknowledged_ms" in notes or "error" in notes
        if (settled and "pong_ms" in notes) or frames >= _FRAMES_LIMIT:
            return


def _note_frame(frame: Frame, notes: Notes, elapsed_ms: float) -> None:
    if frame.opcode is Opcode.PONG and frame.data == _PING:
        notes["pong_ms"] = elapsed_ms
    elif frame.opcode is Opcode.TEXT:
        _note_message(_message(bytes(frame.data)), notes, elapsed_ms)


def _message(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotAMessage(f"no JSON in UTF-8: {data[:80]!r}") from error


def _note_message(message: Any, notes: Notes, elapsed_ms: float) -> None:
    kind = message.get("type") if isinstance(message, dict) else None
    if kind == "subscribed":
        notes["subscribed"] = str(message.get("msg", {}).get("channel", ""))
        notes["acknowledged_ms"] = elapsed_ms
    elif kind == "error":
        details = message.get("msg", {})
        notes["error"] = {"code": details.get("code"), "text": details.get("msg")}
    else:
        notes.setdefault("first_data_ms", elapsed_ms)


async def _upgrade(
    line: Line, wire: TlsWire, notes: Notes, origin: str | None = None
) -> ClientProtocol:
    """Send the upgrade and note the answer: ``status``, ``headers``, ``body``.

    Also ``origin`` (what was sent) and ``elapsed_ms``. A refusal is an answer; raises
    only where there is none, or where a 101 is not one (RFC 6455 §4.2.2).
    """
    uri = parse_uri(line.endpoint.url)
    protocol = ClientProtocol(uri, max_size=_MESSAGE_LIMIT_BYTES, logger=_SILENT)
    request = protocol.connect()
    request.headers["User-Agent"] = USER_AGENT
    if origin is not None:
        request.headers["Origin"] = origin
    _sign(line, request.headers)
    notes["origin"] = origin
    started = time.perf_counter()
    protocol.send_request(request)
    await _flush(protocol, wire)
    response = await _response(protocol, wire)
    notes["elapsed_ms"] = round((time.perf_counter() - started) * 1000, 1)
    if response is not None:
        _note_response(response, notes)
    error = protocol.handshake_exc
    if error is not None and (response is None or response.status_code == 101):
        raise error
    return protocol


def _sign(line: Line, request_headers: Any) -> None:
    from kalshi_preflight.signing.rest import headers

    signer = line.identity.signer
    if signer is None:
        return
    now_ms = time.time_ns() // 1_000_000
    signed = headers(signer, "GET", line.endpoint.path, timestamp_ms=now_ms)
    for name, value in signed.items():
        request_headers[name] = value


def _note_response(response: Response, notes: Notes) -> None:
    notes["status"] = response.status_code
    notes["headers"] = {
        name: response.headers[name][:300]
        for name in TELLING_HEADERS
        if name in response.headers
    }
    notes["body"] = bytes(response.body or b"")[:2000].decode("utf-8", "replace")


async def _response(protocol: ClientProtocol, wire: TlsWire) -> Response | None:
    while True:
        for event in protocol.events_received():
            if isinstance(event, Response):
                return event
        if protocol.handshake_exc is not None:
            return None
        await _feed(protocol, wire)


async def _frames(protocol: ClientProtocol, wire: TlsWire) -> AsyncIterator[Frame]:
    """Whole messages and control frames; pings are answered on the way.

    A message may come in fragments with control frames between them (RFC 6455 §5.4).
    Raises at the end.
    """
    fragments = b""
    while True:
        for event in protocol.events_received():
            if not isinstance(event, Frame):
                continue
            if event.opcode not in _DATA:
                yield event
                continue
            fragments += bytes(event.data)
            if event.fin:
                yield Frame(Opcode.TEXT, fragments)
                fragments = b""
        if protocol.parser_exc is not None:
            raise protocol.parser_exc
        if protocol.close_rcvd is not None:
            raise PeerClosed("the server closed the WebSocket")
        await _flush(protocol, wire)
        if not await _feed(protocol, wire):
            raise PeerClosed("the connection ended without a closing handshake")


async def _feed(protocol: ClientProtocol, wire: TlsWire) -> bool:
    data = await wire.receive()
    if data:
        protocol.receive_data(data)
    else:
        protocol.receive_eof()
    return bool(data)


async def _flush(protocol: ClientProtocol, wire: TlsWire) -> None:
    for data in protocol.data_to_send():
        if data:
            await wire.send(data)


async def _say_goodbye(protocol: ClientProtocol, wire: TlsWire) -> None:
    """A close frame, so that the exchange does not log us as a broken client."""
    protocol.send_close(1000)
    await _flush(protocol, wire)
