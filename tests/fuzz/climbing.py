"""One step of a journey over scripted bytes: the production path, without sockets."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import (
    Controls,
    Endpoint,
    EndpointKind,
    Environment,
    FixLogon,
    HostPort,
)
from kalshi_preflight.model.journey import Step
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.probes.line import Identity, Line
from kalshi_preflight.signing.keys import load_key
from kalshi_preflight.signing.signer import Signer
from kalshi_preflight.survey.journey import Traveller
from tests.selftest.signing.material import KEY_ID, pem, rfc8032_key

TARGET = HostPort("api.lab.test", 443)
#: Where one more connection would lead: nobody listens on port 1 (tcpmux).
CLOSED = HostPort("127.0.0.1", 1)
BUDGET_SECONDS = 5.0
COMP_ID = "KalshiNR"


class HostileWire:
    """Gives the script in parts, then ends as it is told: by EOF, reset or silence."""

    def __init__(self, parts: Iterable[bytes], end: str = "eof") -> None:
        self._parts = iter(parts)
        self._end = end
        self.peer = TARGET
        self.tcp = self
        self.received_bytes = 0
        self.first_bytes = b""
        self.sent: list[bytes] = []

    async def send(self, data: bytes) -> None:
        """Keep it."""
        self.sent.append(data)

    async def receive(self) -> bytes:
        """The next part; silence is told as a deadline would."""
        for part in self._parts:
            if part:
                self.received_bytes += len(part)
                self.first_bytes = (self.first_bytes + part)[:64]
                return part
        if self._end == "eof":
            return b""
        raise ConnectionResetError if self._end == "reset" else TimeoutError

    def close(self) -> None:
        """Nothing to close."""


#: By the length of the input, so that the same input has the same end.
ENDS = ("eof", "silence", "reset")


def wire_of(data: bytes, size: int = 4096) -> HostileWire:
    """A wire that brings ``data`` in pieces, and then ends in one of the ways."""
    pieces = [data[place : place + size] for place in range(0, len(data), size)]
    return HostileWire(pieces, ENDS[len(data) % 3])


def laboratory(**changes: Any) -> Environment:
    """An environment of which nothing can be reached but what a script says."""
    rest, upgrade = f"https://{TARGET}/trade-api/v2", f"wss://{TARGET}/trade-api/ws/v2"
    endpoints = {
        EndpointKind.REST: Endpoint(kind=EndpointKind.REST, target=TARGET, url=rest),
        EndpointKind.WEBSOCKET: Endpoint(
            kind=EndpointKind.WEBSOCKET, target=TARGET, url=upgrade
        ),
        EndpointKind.FIX: Endpoint(
            kind=EndpointKind.FIX, target=TARGET, target_comp_id=COMP_ID
        ),
    }
    made = Environment(
        name="laboratory",
        endpoints=endpoints,
        controls=Controls(),
        fix_logon=FixLogon(credentials=credentials()),
    )
    return replace(made, **changes)


def credentials() -> Credentials:
    """A key that is in every textbook, under an id that is nobody's."""
    return Credentials(
        key_id=Setting(name="key_id", source="a script", value=Secret(KEY_ID)),
        private_key=Setting(
            name="private_key", source="a script", value=Secret(pem(rfc8032_key()))
        ),
        key_form=KeyForm.INLINE,
    )


def signer() -> Signer:
    """The signer of that key."""
    return Signer(key_id=Secret(KEY_ID), private_key=load_key(pem(rfc8032_key())))


_SIGNER = signer()


def climb(kind: EndpointKind, layer: Layer, wire: HostileWire) -> Step:
    """Take one step over ``wire`` and have it judged, as a survey does."""
    return asyncio.run(climbed(kind, layer, wire))


async def climbed(kind: EndpointKind, layer: Layer, wire: Any) -> Step:
    """The same in a loop that runs."""
    below = line(kind)
    if layer is Layer.TLS:
        below.tcp = wire
    else:
        below.tls = wire
    journey = await traveller(below, layer).travel()
    return journey.steps[0]


def line(kind: EndpointKind, **changes: Any) -> Line:
    """A line to an endpoint of the laboratory, on which nothing stands yet."""
    environment = laboratory(**changes)
    return Line(
        environment=environment,
        endpoint=environment.endpoints[kind],
        identity=Identity(signer=_SIGNER),
        reached=CLOSED,
    )


def traveller(
    below: Line, layer: Layer, budget_seconds: float = BUDGET_SECONDS
) -> Traveller:
    """Who takes one step over it; REST's own auth is said to be well."""

    async def rest_auth() -> dict[str, Any]:
        return {"cause": None}

    deadline = asyncio.get_running_loop().time() + budget_seconds
    return Traveller(
        line=below, layers=(layer,), deadline=deadline, rest_auth=rest_auth
    )


def outcome_of(step: Step, *, secrets: Iterable[str] = ()) -> str:
    """The cause of a step in a word, after its hint was rendered and looked through."""
    said = [repr(step.evidence)]
    for cause in step.causes:
        said += [cause.summary, repr(hint_for(cause))]
    failure = step.evidence.failure
    known = not any(cause.id.endswith("-unclassified") for cause in step.causes)
    assert known, f"unclassified: {failure}"
    for secret in secrets:
        assert not any(secret in text for text in said), "a secret is told"
    if step.blocked_by is not None:
        return f"blocked by {step.blocked_by}"
    return ", ".join(cause.id for cause in step.causes) or str(step.status)


def scratch(folder: Path, name: str, data: bytes) -> Path:
    """A file with this content."""
    file = folder / name
    file.write_bytes(data)
    return file
