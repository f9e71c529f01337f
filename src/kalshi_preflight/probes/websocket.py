"""WebSocket: does the upgrade succeed, is a subscription acknowledged, is it alive?

The protocol is websockets' own (its sans-I/O ``ClientProtocol``) over our wire: so the
body of a refusal is there to be read, which is where the truth about a 403 stands.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import Event, State
from websockets.uri import parse_uri

from kalshi_preflight.probes.documents import NotADocument, parsed
from kalshi_preflight.probes.exchange_client import (
    TELLING_HEADERS,
    USER_AGENT,
    note_body,
)
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.wire import PeerClosed, TlsWire, TooMuch

#: A public channel: any key may have it, and it needs no market.
_SUBSCRIBE = {"id": 1, "cmd": "subscribe", "params": {"channels": ["ticker"]}}
#: websockets logs every header of the handshake, the signature among them.
_SILENT = logging.getLogger("kalshi_preflight.silent")
_SILENT.disabled = True
_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)
_PING = b"kalshi-preflight"
_MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024
#: How long the variations may take once the journey's own connection is done.
_PATIENCE_SECONDS = 1.0
#: How long a pong may come behind the acknowledgement; over a second it is slow.
_PONG_SECONDS = 2.0
#: How many frames are read in search of the acknowledgement and the pong.
_FRAMES_LIMIT = 2000


class NotAMessage(Exception):
    """A data frame that is not JSON in UTF-8, as every message of the exchange is."""


async def probe(line: Line, notes: Notes) -> None:
    """Upgrade, subscribe to a public channel, ping; beside it, vary the upgrade.

    Notes ``signed``, ``upgrade`` (see :func:`send_upgrade`) and ``upgrade_status``,
    ``subscribed`` and ``acknowledged_ms``, ``first_data_ms``, ``pong_ms``, ``error``
    (an error message's code and text) and ``close`` (code and reason); the times of
    messages run from the subscription. The variations, each on a connection of its own
    and all of them at once: ``upgrade_with_origin``, ``upgrade_again`` (without, once
    more: a refusal has to be the header's; to wait for one, which always comes, would
    cost a round trip), and ``upgrade_damaged`` (a damaged signature, which must not be
    accepted); ``varied_ms`` is when all were done.
    """
    if line.tls is None:
        raise NothingToDo("no connection")
    started = time.perf_counter()
    notes["signed"] = line.identity.signer is not None
    varied: Notes = {"upgrade_with_origin": {"failure": "timeout"}}
    experiments = [
        asyncio.create_task(_with_origin(line, varied)),
        asyncio.create_task(_again(line, varied)),
    ]
    if notes["signed"]:
        experiments.append(asyncio.create_task(_with_damage(line, varied)))
    patience = _PATIENCE_SECONDS
    try:
        await _conversation(line, line.tls, notes)
    except asyncio.CancelledError:
        patience = 0.0  # the deadline is over, and so is theirs
        raise
    finally:
        # They never delay the end of the journey by much.
        await asyncio.wait(experiments, timeout=patience)
        for experiment in experiments:
            experiment.cancel()
        notes.update(varied)
        notes["varied_ms"] = round((time.perf_counter() - started) * 1000, 1)


async def _with_origin(line: Line, varied: Notes) -> None:
    """The same upgrade, one header more: what ``websocket-client`` sends by default."""
    origin = f"https://{line.target.host}"
    if line.target.port != 443:
        origin += f":{line.target.port}"
    varied["upgrade_with_origin"] = await _variation(line, origin=origin)


async def _again(line: Line, varied: Notes) -> None:
    """The same upgrade without it, beside and behind the one that decides."""
    varied["upgrade_again"] = await _variation(line)


async def _with_damage(line: Line, varied: Notes) -> None:
    """The same upgrade with a damaged signature: the negative control."""
    varied["upgrade_damaged"] = await _variation(line, damage=True)


async def _variation(
    line: Line, *, origin: str | None = None, damage: bool = False
) -> Notes:
    """One upgrade on a connection of its own, closed at once."""
    notes: Notes = {}
    try:
        wire = await line.open()
        try:
            await send_upgrade(line, wire, notes, origin=origin, damage=damage)
        finally:
            wire.close()
    except Exception as error:  # noqa: BLE001  # the experiment failed, not the journey
        notes["failure"] = failure_of(error, "upgrade").kind
    return notes


async def _conversation(line: Line, wire: TlsWire, notes: Notes) -> None:
    upgrade: Notes = {}
    notes["upgrade"] = upgrade
    try:
        protocol, early = await send_upgrade(line, wire, upgrade)
    finally:
        if "status" in upgrade:
            notes["upgrade_status"] = upgrade["status"]
    if upgrade["status"] != 101:
        return
    if protocol.state is State.OPEN:  # else its first words were the last ones
        protocol.send_text(json.dumps(_SUBSCRIBE).encode())
        protocol.send_ping(_PING)
    try:
        await _listen(_frames(protocol, wire, notes, early), notes)
    finally:
        if protocol.close_rcvd is not None:
            close = protocol.close_rcvd
            notes["close"] = {"code": int(close.code), "reason": close.reason}
    await say_goodbye(protocol, wire)


async def _listen(frames: AsyncIterator[Frame], notes: Notes) -> None:
    """Read until the acknowledgement and the pong are there.

    After an acknowledgement the pong is waited for a little while only: who answers
    commands is alive without it.
    """
    now = asyncio.get_running_loop().time
    sent = time.perf_counter()
    number = 0
    try:
        async with asyncio.timeout(None) as limit:
            async for frame in frames:
                number += 1
                elapsed_ms = round((time.perf_counter() - sent) * 1000, 1)
                _note_frame(frame, notes, elapsed_ms)
                settled = "acknowledged_ms" in notes or "error" in notes
                if settled and ("pong_ms" in notes or number >= _FRAMES_LIMIT):
                    return
                if number >= _FRAMES_LIMIT:
                    raise TooMuch(f"{number} frames, and no acknowledgement among them")
                if settled and limit.when() is None:
                    limit.reschedule(now() + _PONG_SECONDS)
    except TimeoutError:
        if not limit.expired():
            raise


def _note_frame(frame: Frame, notes: Notes, elapsed_ms: float) -> None:
    if frame.opcode is Opcode.PONG and frame.data == _PING:
        notes["pong_ms"] = elapsed_ms
    elif frame.opcode is Opcode.BINARY:
        raise NotAMessage(f"a binary message: {ascii(bytes(frame.data[:40]))[1:]}")
    elif frame.opcode is Opcode.TEXT:
        _note_message(message_in(bytes(frame.data)), notes, elapsed_ms)


def message_in(data: bytes) -> Notes:
    """One message: a JSON object in UTF-8 with a type, as all of the exchange's are."""
    begins = ascii(data[:60])[1:]
    try:
        data.decode("utf-8")
        message = parsed(data)
    except (NotADocument, UnicodeDecodeError):
        raise NotAMessage(f"no JSON in UTF-8: {begins}") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise NotAMessage(f"a message without a type: {begins}")
    return message


def _note_message(message: Notes, notes: Notes, elapsed_ms: float) -> None:
    inner = message.get("msg")
    details = inner if isinstance(inner, dict) else {"msg": inner}
    if message["type"] == "subscribed":
        notes["subscribed"] = str(details.get("channel", ""))
        notes["acknowledged_ms"] = elapsed_ms
    elif message["type"] == "error":
        code, text = details.get("code", "none"), details.get("msg") or "no words"
        notes["error"] = {"code": str(code)[:20], "text": str(text)[:200]}
    else:
        notes.setdefault("first_data_ms", elapsed_ms)


async def send_upgrade(
    line: Line,
    wire: TlsWire,
    notes: Notes,
    *,
    origin: str | None = None,
    damage: bool = False,
) -> tuple[ClientProtocol, list[Event]]:
    """Send the upgrade and note the answer: ``status``, ``headers``, ``body``.

    Also ``origin`` (what was sent), ``request_ms`` (until the request had left) and
    ``elapsed_ms`` (until the answer was there). Returns the protocol, and the frames
    that came in one piece with the answer. A refusal is an answer; raises only where
    there is none, or where a 101 is not one (RFC 6455 §4.2.2).
    """
    uri = parse_uri(line.endpoint.url)
    protocol = ClientProtocol(uri, max_size=_MESSAGE_LIMIT_BYTES, logger=_SILENT)
    request = protocol.connect()
    request.headers["User-Agent"] = USER_AGENT
    if origin is not None:
        request.headers["Origin"] = origin
    _sign(line, request.headers, damage=damage)
    notes["origin"] = origin
    started = time.perf_counter()
    protocol.send_request(request)
    await flush(protocol, wire)
    notes["request_ms"] = round((time.perf_counter() - started) * 1000, 1)
    response, early = await _response(protocol, wire)
    notes["elapsed_ms"] = round((time.perf_counter() - started) * 1000, 1)
    if response is not None:
        _note_response(response, notes)
    error = protocol.handshake_exc
    if error is not None and (response is None or response.status_code == 101):
        raise error
    return protocol, early


def _sign(line: Line, request_headers: Any, *, damage: bool) -> None:
    from kalshi_preflight.signing.rest import damaged, headers

    signer = line.identity.signer
    if signer is None:
        return
    now_ms = time.time_ns() // 1_000_000
    # A URL without a path asks for the root (RFC 9112 §3.2.1).
    path = line.endpoint.path or "/"
    signed = headers(signer, "GET", path, timestamp_ms=now_ms)
    for name, value in (damaged(signed) if damage else signed).items():
        request_headers[name] = value


def _note_response(response: Response, notes: Notes) -> None:
    notes["status"] = response.status_code
    notes["headers"] = {
        # Proxies add lines of a name that is there; the library wants to be asked for.
        name: ", ".join(response.headers.get_all(name))[:300]
        for name in TELLING_HEADERS
        if name in response.headers
    }
    note_body(bytes(response.body or b""), notes)


async def _response(
    protocol: ClientProtocol, wire: TlsWire
) -> tuple[Response | None, list[Event]]:
    while True:
        events = protocol.events_received()
        if events and isinstance(events[0], Response):
            return events[0], events[1:]
        if protocol.handshake_exc is not None:
            return None, []
        await _feed(protocol, wire)


class Assembly:
    """Puts the fragments of messages together.

    A message may come in fragments with control frames between them (RFC 6455 §5.4).
    ``early`` are the frames that came in one piece with the answer to the upgrade.
    """

    def __init__(self, early: list[Event]) -> None:
        self._early = early
        self._data, self._kind, self._number = bytearray(), Opcode.TEXT, 0

    def frames(self, protocol: ClientProtocol) -> Iterator[Frame]:
        """What the protocol has received: control frames, and whole messages.

        Raises :class:`TooMuch` for fragments without end.
        """
        events, self._early = [*self._early, *protocol.events_received()], []
        for event in events:
            if (frame := self._whole(event)) is not None:
                yield frame

    def _whole(self, event: Event) -> Frame | None:
        """The control frame or the whole message that ``event`` is the end of.

        Empty fragments add nothing that the limit of a message would count.
        """
        if not isinstance(event, Frame):
            return None
        if event.opcode not in _DATA:
            return event
        if event.opcode is not Opcode.CONT:
            self._kind = event.opcode
        self._data += event.data
        self._number += 1
        if not event.fin:
            if self._number > _FRAMES_LIMIT:
                raise TooMuch(f"{self._number} fragments, and no end of the message")
            return None
        message = Frame(self._kind, bytes(self._data))
        self._data.clear()
        self._number = 0
        return message


def check_open(protocol: ClientProtocol) -> None:
    """Raise what ended the conversation, if something did."""
    if isinstance(protocol.parser_exc, UnicodeDecodeError):
        raise NotAMessage("the reason of a close frame is not UTF-8")
    if protocol.parser_exc is not None:
        raise protocol.parser_exc
    if protocol.close_rcvd is not None:
        raise PeerClosed("the server closed the WebSocket")


async def _frames(
    protocol: ClientProtocol, wire: TlsWire, notes: Notes, early: list[Event]
) -> AsyncIterator[Frame]:
    """Whole messages and control frames; pings are answered on the way.

    ``early`` are those that came with the upgrade. Notes the ``first_bytes``: what is
    no frame may still be readable. Raises at the end.
    """
    assembly = Assembly(early)
    while True:
        for frame in assembly.frames(protocol):
            yield frame
        check_open(protocol)
        await flush(protocol, wire)
        data = await _feed(protocol, wire)
        notes.setdefault("first_bytes", ascii(data[:40])[2:-1])
        if not data:
            raise PeerClosed("the connection ended without a closing handshake")


async def _feed(protocol: ClientProtocol, wire: TlsWire) -> bytes:
    data = await wire.receive()
    if data:
        protocol.receive_data(data)
    else:
        protocol.receive_eof()
    return data


async def flush(protocol: ClientProtocol, wire: TlsWire) -> None:
    """Send what the protocol has to say."""
    for data in protocol.data_to_send():
        if data:
            await wire.send(data)


async def say_goodbye(protocol: ClientProtocol, wire: TlsWire) -> None:
    """A close frame, so that the exchange does not log us as a broken client."""
    if protocol.state is State.OPEN:
        protocol.send_close(1000)
    await flush(protocol, wire)
