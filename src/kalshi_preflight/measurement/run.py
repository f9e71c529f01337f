"""Measure what is open: all environments side by side, each within its own purse."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kalshi_preflight.causes.catalogue import cause_of
from kalshi_preflight.causes.rules import measured
from kalshi_preflight.measurement.books import Timeline
from kalshi_preflight.measurement.calls import Caller
from kalshi_preflight.measurement.extent import Extent
from kalshi_preflight.measurement.hearing import Hearing
from kalshi_preflight.measurement.polling import Poller, busiest
from kalshi_preflight.measurement.purse import CALL_TOKENS, Purse
from kalshi_preflight.measurement.readiness import Inquiry
from kalshi_preflight.measurement.streaming import Listener
from kalshi_preflight.measurement.ways import closed
from kalshi_preflight.model.cause import Cause
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.evidence import Facts
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.measurement import Measurement
from kalshi_preflight.probes import prepare
from kalshi_preflight.probes.line import Identity, Line
from kalshi_preflight.signing.keys import signer_from
from kalshi_preflight.signing.problem import KeyProblem

#: What the whole may take beyond the measuring itself: connecting, coming back.
GRACE_SECONDS = 6.0
#: The stream is listened to a little longer, so that it can catch up with REST.
_CATCH_UP_SECONDS = 0.3
#: What the survey has spent: the status, the balance, and it with a damaged signature.
_SURVEY_TOKENS = 3 * CALL_TOKENS
#: The survey's reading of our clock is one of whole seconds.
_COARSE_CLOCK_SECONDS = 1.0

#: How often there is a line of progress: so many in all, and none sooner than this.
_MOST_LINES = 10
_LEAST_TELLING_SECONDS = 2.0

Progress = Callable[[str], None]


async def measure_all(
    environments: Mapping[str, Environment],
    diagnoses: Mapping[str, Diagnosis],
    extent: Extent,
    *,
    tell: Progress | None = None,
) -> dict[str, Measurement]:
    """Measure every environment that was surveyed; never raises for what a peer does.

    Ends within :data:`GRACE_SECONDS` of the extent. ``tell`` receives lines: what will
    be used, before anything is, and then how far it has come.
    """
    prepare({Layer.DNS, Layer.TLS, Layer.HTTP, Layer.WEBSOCKET})
    benches = [
        _Bench.of(environments[name], diagnosis, extent)
        for name, diagnosis in diagnoses.items()
    ]
    if tell is None:
        return dict(await asyncio.gather(*(bench.measured() for bench in benches)))
    tell(extent.announcement())
    telling = asyncio.create_task(_keep_telling(benches, extent, tell))
    try:
        return dict(await asyncio.gather(*(bench.measured() for bench in benches)))
    finally:
        telling.cancel()


async def _keep_telling(
    benches: Sequence["_Bench"], extent: Extent, tell: Progress
) -> None:
    """A line every few seconds, of all environments together."""
    started = time.monotonic()
    every = max(_LEAST_TELLING_SECONDS, extent.seconds / _MOST_LINES)
    while True:
        await asyncio.sleep(every)
        gone = min(time.monotonic() - started, extent.seconds)
        counts = "; ".join(bench.so_far for bench in benches)
        tell(f"measured {gone:.0f} of {extent.seconds:g} s: {counts}")


async def _identity(environment: Environment) -> Identity:
    """The key, if there is a good one; without it polling goes unsigned."""
    try:
        signer = await asyncio.to_thread(signer_from, environment.credentials)
    except KeyProblem:
        return Identity()
    return Identity(signer=signer)


def _judged(measurement: Measurement, environment: Environment) -> Measurement:
    causes: list[Cause] = []
    for finding in measured.judge(measurement, environment):
        kind, layer = measured.place(finding)
        cause = cause_of(finding, layer, environment, environment.endpoints[kind])
        causes.append(cause)
    return replace(measurement, causes=tuple(causes))


@dataclass(slots=True, kw_only=True)
class _Bench:
    """The parts of one environment's measuring, under way together."""

    environment: Environment
    diagnosis: Diagnosis
    extent: Extent
    purse: Purse
    found: Measurement
    identity: Identity = field(default_factory=Identity)
    _callers: list[Caller] = field(default_factory=list)
    _poller: Poller | None = None
    _listener: Listener | None = None
    _timeline: Timeline | None = None
    _ended_by: str = "there was nothing to measure"

    @classmethod
    def of(
        cls, environment: Environment, diagnosis: Diagnosis, extent: Extent
    ) -> "_Bench":
        shut = closed(environment, diagnosis)
        found = Measurement(
            environment=environment.name, seconds=extent.seconds, closed=shut
        )
        purse = Purse(time.monotonic, _SURVEY_TOKENS)
        return cls(
            environment=environment,
            diagnosis=diagnosis,
            extent=extent,
            purse=purse,
            found=found,
        )

    @property
    def so_far(self) -> str:
        calls = len(self._poller.calls) if self._poller else 0
        frames = self._listener.hearing.frames if self._listener else 0
        return f"{self.environment.name}: {calls} polls, {frames} frames"

    async def measured(self) -> tuple[str, Measurement]:
        """Measure, and have it judged; what was measured in time is kept."""
        self.identity = await _identity(self.environment)
        try:
            async with asyncio.timeout(self.extent.seconds + GRACE_SECONDS):
                await self._run()
        except TimeoutError:
            self._ended_by = "it took too long"
        except Exception as error:  # noqa: BLE001  # a number that is missing breaks nothing
            self._ended_by = _root(error)
        finally:
            await self._close()
        return self.environment.name, _judged(self._finished(), self.environment)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            if "readiness" not in self.found.closed:
                group.create_task(self._inquire())
            group.create_task(self._markets())

    def _line(self, kind: EndpointKind) -> Line:
        return Line(
            environment=self.environment,
            endpoint=self.environment.endpoints[kind],
            identity=self.identity,
        )

    async def _caller(self) -> Caller | None:
        caller = Caller(line=self._line(EndpointKind.REST), purse=self.purse)
        self._callers.append(caller)
        return caller if await caller.open() else None

    async def _inquire(self) -> None:
        if (caller := await self._caller()) is not None:
            inquiry = Inquiry(caller=caller, now=datetime.now(UTC))
            status = _facts(self.diagnosis, EndpointKind.REST, Layer.HTTP)
            readiness, budget = await inquiry.run(status)
            self.found = replace(self.found, readiness=readiness, budget=budget)

    async def _markets(self) -> None:
        """Choose markets, then poll and listen side by side."""
        tickers: list[str] = []
        polls = "polling" not in self.found.closed
        caller = await self._caller() if polls else None
        if caller is not None:
            tickers = await busiest(caller)
        async with asyncio.TaskGroup() as group:
            if "streaming" not in self.found.closed:
                group.create_task(self._listen(tickers))
            if caller is not None:
                self._poller = Poller(
                    caller=caller,
                    ticker=tickers[0] if tickers else "",
                    seconds=self.extent.seconds,
                    interval_seconds=self.extent.interval_seconds,
                )
                group.create_task(self._poller.run())

    async def _listen(self, tickers: list[str]) -> None:
        self._timeline = Timeline(tickers[0]) if tickers else None
        self._listener = Listener(
            line=self._line(EndpointKind.WEBSOCKET),
            tickers=tickers,
            seconds=self.extent.seconds + _CATCH_UP_SECONDS,
            hearing=Hearing(timeline=self._timeline),
        )
        await self._listener.run()

    async def _close(self) -> None:
        for caller in self._callers:
            caller.close()
        if self._listener is not None:
            await self._listener.close()

    def _finished(self) -> Measurement:
        """What was measured, as a value."""
        found = replace(self.found, tokens=self.purse.paid)
        if self._poller is not None:
            found = replace(found, polling=self._poller.result(self._timeline))
        if self._listener is not None:
            offset_ms = _coarse_offset_ms(self.diagnosis)
            found = replace(found, streaming=self._listener.result(offset_ms))
        unmeasured = {
            name: f"cannot tell: {self._ended_by}"
            for name in ("polling", "streaming", "readiness")
            if name not in found.closed and found.part(name) is None
        }
        return replace(found, closed={**found.closed, **unmeasured})


def _root(error: BaseException) -> str:
    """The kind of the exception that ended a group of tasks."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


def _facts(diagnosis: Diagnosis, kind: EndpointKind, layer: Layer) -> Facts:
    journey = diagnosis.journey(kind)
    step = journey.step(layer) if journey else None
    return step.evidence.facts if step else {}


def _coarse_offset_ms(diagnosis: Diagnosis) -> float | None:
    """Our clock's offset by the survey's ``Date`` header, if it is more than noise."""
    for layer in (Layer.AUTH, Layer.HTTP):
        facts = _facts(diagnosis, EndpointKind.REST, layer)
        offset = facts.get("clock_offset_seconds")
        if isinstance(offset, int | float) and abs(offset) > _COARSE_CLOCK_SECONDS:
            return float(offset) * 1000
    return None
