"""One journey: step by step up the layers, each step judged before the next."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from kalshi_preflight.causes.catalogue import cause_of, unclassified
from kalshi_preflight.causes.findings import Ask, BlockedBy, Context, Finding, Found
from kalshi_preflight.causes.rules import OFFLINE, RULES, alternates
from kalshi_preflight.model.cause import Cause
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.journey import Journey, Step
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes import PROBES
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.observations import observation
from kalshi_preflight.survey.lateness import Lateness

#: What one step may take: two lost SYNs, or the two seconds Windows takes to refuse.
STEP_SECONDS = 5.0
#: What one observation may take, or what is left of the budget.
OBSERVATION_SECONDS = 3.0
#: After this long, the observations that silence will ask for are made beside it, so
#: that a silent peer costs one step's deadline and no more.
_PATIENCE_SECONDS = 0.8
_BESIDE_SILENCE: dict[Layer, tuple[str, ...]] = {
    Layer.DNS: ("controls",),
    Layer.TCP: ("controls",),
    Layer.TLS: ("control-server-name", "small-segments", "plain-request"),
}

#: The layers on which one host of an environment may be worse than another.
_WAY = (Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP)

RestAuth = Callable[[], Awaitable[Facts]]
#: Told of each step as it begins (environment, endpoint, layer), and of the end with
#: ``None``; for people who wait, so it must neither raise nor take time.
OnStep = Callable[[str, EndpointKind, Layer | None], None]


@dataclass(slots=True, kw_only=True)
class Traveller:
    """Takes one journey; ``deadline`` is in the running loop's time.

    ``rest_auth`` gives the outcome of the environment's REST journey, for the one rule
    that must not judge without it; ``lateness`` is that of the loop.
    """

    line: Line
    layers: Sequence[Layer]
    deadline: float
    rest_auth: RestAuth
    lateness: Lateness = field(default_factory=Lateness)
    on_step: OnStep | None = None
    _steps: list[Step] = field(default_factory=list)
    _observing: dict[str, "asyncio.Task[Facts]"] = field(default_factory=dict)

    async def travel(self) -> Journey:
        """Take the steps; never raises, and ends by the deadline."""
        try:
            for layer in self.layers:
                if self._stopped_by() is None:
                    self._tell(layer)
                    await self._step(layer)
                else:
                    self._block(layer)
            await self._try_alternates()
        finally:
            self._tell(None)
            self.line.close()
            for task in self._observing.values():
                task.cancel()
        return Journey(
            endpoint=self.line.endpoint.kind,
            target=str(self.line.target),
            steps=tuple(self._steps),
        )

    def _tell(self, layer: Layer | None) -> None:
        if self.on_step is not None:
            kind = self.line.endpoint.kind
            self.on_step(self.line.environment.name, kind, layer)

    def _stopped_by(self) -> str | None:
        """The id of what keeps the journey from going on."""
        for step in self._steps:
            if step.broken is not None:
                return step.broken.id
            if step.blocked_by is not None:
                return step.blocked_by
        return None

    async def _step(self, layer: Layer) -> None:
        evidence = await self._take(layer)
        findings = await self._judge(evidence)
        blocked = next((f.cause for f in findings if isinstance(f, BlockedBy)), None)
        found = [finding for finding in findings if isinstance(finding, Found)]
        here = tuple(
            self._cause(finding, layer)
            for finding in found
            if finding.layer in (None, layer)
        )
        step = Step(layer=layer, evidence=evidence, causes=here, blocked_by=blocked)
        self._steps.append(self._classified(step, found))
        for finding in found:
            if finding.layer not in (None, layer):
                self._blame_lower(finding)

    async def _try_alternates(self) -> None:
        """Where the host itself is what fails, see whether another one works."""
        place = next((i for i, step in enumerate(self._steps) if step.broken), None)
        if place is None:
            return
        step = self._steps[place]
        assert step.broken is not None  # it was chosen by that
        context = self._context()
        if not alternates.worth_trying(step.broken, context):
            return
        observed = await self._observe("alternates", step.evidence)
        found = alternates.judge(step.broken, observed)
        causes = tuple(self._cause(finding, step.layer) for finding in found)
        self._steps[place] = replace(step, causes=(*step.causes, *causes))

    def _classified(self, step: Step, found: list[Found]) -> Step:
        """A failure that no rule names has a cause all the same, and is our defect."""
        failure = step.evidence.failure
        named = step.broken or step.blocked_by or any(f.layer for f in found)
        if failure is None or named:
            return step
        cause = self._cause(unclassified(step.layer, failure), step.layer)
        return replace(step, causes=(cause, *step.causes))

    def _blame_lower(self, finding: Found) -> None:
        """Put a cause on the lower layer it belongs to, and block what is above."""
        place = next(i for i, s in enumerate(self._steps) if s.layer is finding.layer)
        lower = self._steps[place]
        cause = self._cause(finding, lower.layer)
        self._steps[place] = replace(lower, causes=(cause, *lower.causes))
        for i in range(place + 1, len(self._steps)):
            self._steps[i] = replace(self._steps[i], blocked_by=finding.id)

    def _block(self, layer: Layer) -> None:
        causes: tuple[Cause, ...] = ()
        if offline := OFFLINE.get(layer):
            # What is wrong with a key file needs no network to be said.
            found = offline(self._context())
            causes = tuple(self._cause(f, layer) for f in found if isinstance(f, Found))
        evidence = Evidence(layer=layer)
        stopped_by = self._stopped_by()
        self._steps.append(
            Step(layer=layer, evidence=evidence, causes=causes, blocked_by=stopped_by)
        )

    def _cause(self, finding: Found, layer: Layer) -> Cause:
        return cause_of(finding, layer, self.line.environment, self.line.endpoint)

    # --- evidence ---------------------------------------------------------------

    async def _take(self, layer: Layer) -> Evidence:
        probing = asyncio.create_task(self._probe(layer))
        try:
            await asyncio.wait({probing}, timeout=_PATIENCE_SECONDS)
            if not probing.done():
                for name in _BESIDE_SILENCE.get(layer, ()):
                    self._observe(name, Evidence(layer=layer))
            return await probing
        finally:
            probing.cancel()

    async def _probe(self, layer: Layer) -> Evidence:
        notes: Notes = {}
        failure: Failure | None = None
        skipped: str | None = None
        started, late_ms = time.perf_counter(), self.lateness.so_far_ms()
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(min(now + STEP_SECONDS, self.deadline)):
                await PROBES[layer](self.line, notes)
        except NothingToDo as reason:
            skipped = str(reason)
        except Exception as error:  # noqa: BLE001  # every exception is a Failure
            failure = failure_of(error, layer)
        return Evidence(
            layer=layer,
            elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
            late_ms=round(self.lateness.so_far_ms() - late_ms, 1),
            facts=notes,
            failure=failure,
            skipped=skipped,
        )

    # --- judgement --------------------------------------------------------------

    async def _judge(self, evidence: Evidence) -> Sequence[Finding]:
        """Ask the rule until it has no more questions.

        A rule that fails itself is our defect: said as such, and not with the loss of
        all that the survey has found.
        """
        observed: dict[str, Facts] = {}
        while True:
            try:
                findings = RULES[evidence.layer](evidence, self._context(observed))
            except Exception as error:  # noqa: BLE001  # whatever a rule can raise
                return [unclassified(evidence.layer, _defect(error))]
            asked = [f.observation for f in findings if isinstance(f, Ask)]
            if not asked:
                return findings
            tasks = [self._observe(name, evidence) for name in asked]
            answers = await asyncio.gather(*tasks)
            observed.update(zip(asked, answers, strict=True))

    def _context(self, observed: dict[str, Facts] | None = None) -> Context:
        identity = self.line.identity
        return Context(
            environment=self.line.environment,
            endpoint=self.line.endpoint,
            remarks=identity.remarks,
            problem=identity.problem,
            lower={step.layer: step.evidence for step in self._steps},
            observations=observed or {},
        )

    def _observe(self, name: str, evidence: Evidence) -> "asyncio.Task[Facts]":
        """Start an observation, once a journey."""
        if name not in self._observing:
            observing = self._observation(name, evidence)
            self._observing[name] = asyncio.create_task(observing)
        return self._observing[name]

    async def _observation(self, name: str, evidence: Evidence) -> Facts:
        """The facts of one observation, or ``{"failure": kind}``; never raises."""
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(
                min(now + OBSERVATION_SECONDS, self.deadline)
            ):
                if name == "rest-auth":
                    return await self.rest_auth()
                return await observation(name)(self.line, evidence)
        except Exception as error:  # noqa: BLE001  # every exception is a Failure
            return {"failure": failure_of(error, name).kind}


def _defect(error: Exception) -> Failure:
    """The failure of a rule, told like any other."""
    return Failure(
        operation="judge",
        kind="defect",
        text=repr(error),
        chain=(type(error).__qualname__,),
    )
