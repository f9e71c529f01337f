"""Signed GET requests, one after the other, over one kept-alive connection."""

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import Any

from kalshi_preflight.measurement.purse import CALL_TOKENS, Purse
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.probes.approach import approach
from kalshi_preflight.probes.exchange_client import ExchangeClient
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes

#: What one call may take; the polling program would have given up long before.
_CALL_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call and what came of it; ``sent`` and ``received`` are monotonic seconds.

    ``evidence`` has the facts of :func:`~.exchange_client.note_answer`, or a failure.
    """

    sent: float
    received: float
    evidence: Evidence

    @property
    def status(self) -> int | None:
        """The status of the answer, if there was a whole one."""
        failed = self.evidence.failure is not None
        return None if failed else self.evidence.facts.get("status")

    @property
    def document(self) -> Any:
        """The answer's JSON, if it was a good one."""
        return self.evidence.facts.get("json") if self.status == 200 else None

    @property
    def slim(self) -> "Call":
        """The call without the body of a good answer: hours of them are kept."""
        if self.problem is not None:
            return self
        kept = ("status", "headers")
        facts = {n: v for n, v in self.evidence.facts.items() if n in kept}
        return replace(self, evidence=replace(self.evidence, facts=facts))

    @property
    def problem(self) -> str | None:
        """The kind of the failure, or the status that is none of success."""
        if self.evidence.failure is not None:
            return self.evidence.failure.kind
        return None if self.status == 200 else f"status {self.status}"


@dataclass(slots=True, kw_only=True)
class Caller:
    """Makes calls; ``connections`` counts how many it needed, which should be one."""

    line: Line
    purse: Purse
    connections: int = 0
    _client: ExchangeClient | None = field(default=None)

    async def open(self) -> bool:
        """Connect; false if that fails, which the first call then tells again."""
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                self._client = ExchangeClient(self.line, await approach(self.line))
        except Exception:  # noqa: BLE001  # the survey could, so this is a trouble
            return self.line.reached is not None
        self.connections = 1
        return True

    def close(self) -> None:
        """Close the connection."""
        self.line.close()

    @property
    def address(self) -> str:
        """Where the connection goes."""
        return str(self.line.reached or self.line.target)

    async def get(self, path: str, tokens: float = CALL_TOKENS) -> Call:
        """GET a path below the base URL, signed if there is a key; never raises."""
        await self.purse.draw(tokens)
        notes: Notes = {}
        failure = None
        signed = self._signed(path)
        sent = time.perf_counter()
        before = self.line.tls
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                await self._ask(path, notes, signed)
        except Exception as error:  # noqa: BLE001  # every exception is a Failure
            failure = failure_of(error, Layer.HTTP)
            self._client = None
        received = time.perf_counter()
        self.connections += self.line.tls is not before
        evidence = Evidence(
            layer=Layer.HTTP,
            elapsed_ms=round((received - sent) * 1000, 1),
            facts=notes,
            failure=failure,
        )
        return Call(sent=sent, received=received, evidence=evidence)

    async def _ask(self, path: str, notes: Notes, signed: dict[str, str]) -> None:
        if self._client is None:
            self.line.close()
            wire = await self.line.open()
            self.line.tcp, self.line.tls = wire.tcp, wire
            self._client = ExchangeClient(self.line, wire)
        if self.line.tcp is not None:
            # The cap is one on what a peer may send unasked, and this was asked for.
            self.line.tcp.received_bytes = 0
        await self._client.get(path, notes, signed)

    def _signed(self, path: str) -> dict[str, str]:
        from kalshi_preflight.signing.rest import headers

        signer = self.line.identity.signer
        if signer is None:
            return {}
        now_ms = time.time_ns() // 1_000_000
        whole = self.line.endpoint.path + path
        return headers(signer, "GET", whole, timestamp_ms=now_ms)
