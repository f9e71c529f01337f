"""Streaming as a program would do it: subscribe, listen, ping, and come back."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.frames import Frame, Opcode

from kalshi_preflight.measurement.channel import Channel, NotUpgraded
from kalshi_preflight.measurement.hearing import Hearing, corrected
from kalshi_preflight.measurement.series import spread
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.measurement import Streaming
from kalshi_preflight.probes.approach import approach
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.websocket import message_in

#: A ping is sent so often.
_PING_SECONDS = 0.25
#: A lost connection is opened again so many times.
_MOST_RETURNS = 3
#: What opening, and coming back with data, may take.
_OPENING_SECONDS = 5.0
_PING = b"kalshi-preflight "


@dataclass(slots=True, kw_only=True)
class Listener:
    """Listens for so many seconds, then cuts the connection and times the return."""

    line: Line
    tickers: list[str]
    seconds: float
    hearing: Hearing
    _upgrade_ms: float | None = None
    _reconnect_ms: float | None = None
    _drops: int = 0
    _troubles: list[Evidence] = field(default_factory=list)
    _pings: dict[bytes, float] = field(default_factory=dict)
    _opened: float = 0.0
    _listened_seconds: float = 0.0
    _channel: Channel | None = None

    async def run(self) -> None:
        """Listen; whatever goes wrong is a trouble and never raised."""
        now = asyncio.get_running_loop().time
        end = now() + self.seconds
        started = time.perf_counter()
        while now() < end and self._drops <= _MOST_RETURNS:
            try:
                await self._open()
                while now() < end:
                    await self._listen(min(end, now() + _PING_SECONDS))
            except Exception as error:  # noqa: BLE001  # every exception is a Failure
                await self._dropped(error)
        self._listened_seconds = time.perf_counter() - started
        if self._channel is not None:
            await self._come_back()

    async def _open(self) -> None:
        """Connect, upgrade and subscribe."""
        self._opened = time.perf_counter()
        async with asyncio.timeout(_OPENING_SECONDS):
            first = self.line.reached is None
            wire = await (approach(self.line) if first else self.line.open())
            self._channel = await Channel.upgraded(self.line, wire)
            if self._upgrade_ms is None:
                self._upgrade_ms = self._channel.notes["elapsed_ms"]
            await self._channel.say(_subscription(self.tickers))
            self.hearing.subscribe(time.perf_counter())

    async def _listen(self, until: float) -> None:
        """Ping once, then hear what comes until the loop's time is ``until``."""
        channel = self._channel
        assert channel is not None  # it was opened
        payload = _PING + str(len(self._pings)).encode()
        self._pings[payload] = time.perf_counter()
        await channel.ping(payload)
        loop = asyncio.get_running_loop()
        while loop.time() < until:
            for frame in await channel.frames(until):
                self._hear(frame)

    def _hear(self, frame: Frame) -> None:
        at = time.perf_counter()
        if frame.opcode is Opcode.PONG:
            sent = self._pings.get(bytes(frame.data))
            if sent is not None:
                self.hearing.round_trips_ms.append((at - sent) * 1000)
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self.hearing.note(message_in(bytes(frame.data)), at, time.time())

    async def _dropped(self, error: Exception) -> None:
        self._drops += 1
        self._troubles.append(self._evidence(error))
        self.hearing.lose(time.perf_counter())
        await self._leave()

    async def _leave(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.cut()

    async def _come_back(self) -> None:
        """Cut the line as an accident would, and time the way back to data."""
        await self._leave()
        self.hearing.lose(time.perf_counter())
        began = time.perf_counter()
        try:
            await self._open()
            assert self._channel is not None  # it was opened
            async with asyncio.timeout(_OPENING_SECONDS):
                await self._until_fresh(self._channel)
            self._reconnect_ms = round((time.perf_counter() - began) * 1000, 1)
            await self._channel.goodbye()
            self._channel = None
        except Exception as error:  # noqa: BLE001  # every exception is a Failure
            self._troubles.append(self._evidence(error))
        finally:
            await self._leave()

    async def _until_fresh(self, channel: Channel) -> None:
        """Until there is data again; without markets the acknowledgement is enough."""
        while True:
            for frame in await channel.frames(float("inf")):
                self._hear(frame)
                is_answer = frame.opcode is Opcode.TEXT
                if self.hearing.fresh or (is_answer and not self.tickers):
                    return

    def _evidence(self, error: Exception | None) -> Evidence:
        """What the WebSocket's rule needs in order to name what happened."""
        facts: Notes = {"signed": self.line.identity.signer is not None}
        if isinstance(error, NotUpgraded):
            facts["upgrade"] = error.notes
            error = None
        elif self._channel is not None:
            facts["upgrade"] = self._channel.notes
            if self._channel.close_words is not None:
                facts["close"] = self._channel.close_words
        if self.hearing.acknowledged_ms is not None:
            facts["acknowledged_ms"] = self.hearing.acknowledged_ms
        if self.hearing.round_trips_ms:
            facts["pong_ms"] = round(self.hearing.round_trips_ms[-1], 1)
        if self.hearing.error is not None:
            facts["error"] = self.hearing.error
        elapsed_ms = round((time.perf_counter() - self._opened) * 1000, 1)
        failure = None if error is None else failure_of(error, Layer.WEBSOCKET)
        return Evidence(
            layer=Layer.WEBSOCKET, elapsed_ms=elapsed_ms, facts=facts, failure=failure
        )

    def result(self, survey_offset_ms: float | None) -> Streaming:
        """What was measured.

        ``survey_offset_ms`` is our clock's offset as the survey saw it, to fall back on
        where messages do not tell when they were sent.
        """
        hearing, troubles = self.hearing, list(self._troubles)
        silent = hearing.acknowledged_ms is None and not troubles
        if hearing.error is not None or silent:
            troubles.append(self._evidence(None))
        offset_ms = hearing.clock_offset_ms
        if offset_ms is None:
            offset_ms = survey_offset_ms
        return Streaming(
            address=str(self.line.reached or self.line.target),
            tickers=len(self.tickers),
            seconds=round(self._listened_seconds, 2),
            upgrade_ms=self._upgrade_ms,
            acknowledged_ms=hearing.acknowledged_ms,
            first_snapshot_ms=hearing.first_snapshot_ms,
            first_delta_ms=hearing.first_delta_ms,
            ping=spread(hearing.round_trips_ms),
            tick_age=spread(corrected(hearing.ages_ms, offset_ms)),
            clock_offset_ms=offset_ms,
            frames=hearing.frames,
            gaps=hearing.sequences.gaps,
            missing=hearing.sequences.missing,
            drops=self._drops,
            reconnect_ms=self._reconnect_ms,
            troubles=tuple(troubles),
        )

    async def close(self) -> None:
        """Let nothing of it stay open."""
        with contextlib.suppress(Exception):
            await self._leave()
        self.line.close()


def _subscription(tickers: list[str]) -> dict[str, Any]:
    """Public channels only; without markets, prices of all of them."""
    params: dict[str, Any] = {"channels": ["ticker"]}
    if tickers:
        params = {
            "channels": ["orderbook_delta", "ticker"],
            "market_tickers": tickers,
        }
    return {"id": 1, "cmd": "subscribe", "params": params}
