"""Whole journeys through hostile bytes: an exchange with one wire damaged for each.

The embedded exchange listens on many addresses of this machine; each is a slot, in
which one survey at a time meets one script. What a script damages are the bytes of the
healthy conversation, on one layer: so everything below it is really passed through, and
an input repeats itself by its number.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import dns.message
import dns.rrset

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.exchange import Exchange, State
from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.hooks import Opening
from kalshi_preflight.exchange.interception import Then, end
from kalshi_preflight.exchange.ledger import Question
from kalshi_preflight.exchange.wire import Stream
from kalshi_preflight.model.credentials import Credentials
from kalshi_preflight.model.environment import EndpointKind, Environment, HostPort
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.report.document import environment_record
from kalshi_preflight.survey.plan import JOURNEYS, Plan, plan
from kalshi_preflight.survey.run import run
from tests.fuzz.mutation import chance, mutated

#: What is silent is cut short: that changes which cause is found, and not that one is.
BUDGET_SECONDS = 2.0
SLOTS = 24
_ZONE = "fuzz.test"


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes are damaged, and which journey passes there."""

    name: str
    endpoint: EndpointKind
    words: tuple[bytes, ...] = ()


PLACES = (
    Place("dns", EndpointKind.REST, (b"\xc0\x0c", b"\xff\xff", b"\x00\x05\x00\x01")),
    Place("greeting", EndpointKind.REST, (b"SSH-2.0-x\r\n", b"\x15\x03\x03\x00\x02")),
    Place("records", EndpointKind.REST, (b"\x16\x03\x03\x00\x00", b"\x17\x03\x03")),
    Place(
        "http",
        EndpointKind.REST,
        (
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"Transfer-Encoding: chunked\r\n\r\nfff\r\n",
            b"Content-Encoding: gzip\r\n",
            b"\r\n\r\n",
        ),
    ),
    Place("upgrade", EndpointKind.WEBSOCKET, (b"HTTP/1.1 403 Forbidden\r\n\r\n",)),
    Place(
        "frames",
        EndpointKind.WEBSOCKET,
        (b"\x00\x00" * 50, b"\x89\x00" * 50, b"\x88\x02\x03\xe8", b"\x01\x00"),
    ),
    Place("fix", EndpointKind.FIX, (b"8=FIXT.1.1\x01", b"10=000\x01", b"35=5\x01")),
    Place("fix records", EndpointKind.FIX, (b"\x15\x03\x03\x00\x02\x02\x28",)),
)


@dataclass(slots=True)
class Script:
    """What happens in a slot: the place, and the number that everything hangs on."""

    number: int
    damages: int = field(default=0)

    @property
    def place(self) -> Place:
        """Each place in its turn."""
        return PLACES[self.number % len(PLACES)]

    def damaged(self, data: bytes) -> bytes:
        """The bytes as they arrive; mostly the first of them are the ones damaged."""
        self.damages += 1
        luck = chance("journey", self.number, self.damages)
        if not data or luck.random() < 0.3 * (self.damages > 1):
            return data
        return mutated([data], luck, self.place.words)

    @property
    def then(self) -> Then | None:
        """How the wire ends once a damage was done; ``None``: it goes on."""
        ends: tuple[Then | None, ...] = (None, None, *Then)
        return chance("end", self.number).choice(ends)


class Battlefield:
    """An embedded exchange, and the script of each of its slots."""

    def __init__(self, directory: Path) -> None:
        self.scripts: dict[int, Script] = {}
        self._exchange = Exchange(directory)
        hooks = self._exchange.hooks
        hooks.web.chain = hooks.fix_port.chain = _wildcard
        hooks.dns.answers.append(self._answer)
        for listener in (hooks.web, hooks.fix_port):
            listener.others = dict.fromkeys(map(_address, range(SLOTS)), Opening.LISTEN)
        hooks.web.accepted.append(self._greet)
        hooks.fix_port.accepted.append(self._greet)
        hooks.web.secured.append(self._above_tls)
        hooks.fix_port.secured.append(self._above_tls)
        hooks.websocket.opened.append(self._opened)

    @contextlib.contextmanager
    def open(self) -> Iterator[State]:
        """Run the exchange."""
        with self._exchange as exchange:
            yield exchange.state

    def plan(self, slot: int, state: State) -> Plan:
        """One survey: the journey to the place of the slot's script, to its top."""
        wanted = self.scripts[slot].place.endpoint
        environment = _environment(slot, state, wanted)
        return plan(environment, {wanted: JOURNEYS[wanted][-1]})

    @property
    def damaged(self) -> set[int]:
        """The numbers of the scripts that have come to their place."""
        return {s.number for s in self.scripts.values() if s.damages}

    # --- hooks ------------------------------------------------------------------

    async def _answer(
        self, question: Question, reply: dns.message.Message
    ) -> dns.message.Message | bytes:
        label, _, zone = question.name.partition(".")
        if zone.rstrip(".") != _ZONE:
            return reply
        slot = int(label.removeprefix("s"))
        asked = reply.question[0].name
        reply = dns.message.make_response(dns.message.from_wire(_asked(reply)))
        if question.record_type == "A":
            found = dns.rrset.from_text(asked, 5, "IN", "A", _address(slot))
            reply.answer.append(found)
        script = self.scripts[slot]
        return script.damaged(reply.to_wire()) if script.place.name == "dns" else reply

    def _script(self, stream: Stream) -> Script | None:
        host = stream._sock.getsockname()[0]  # nobody else knows it
        slot = int(host.rpartition(".")[2]) - 1
        return self.scripts.get(slot) if host.startswith("127.0.9.") else None

    async def _greet(self, stream: Stream) -> bool:
        script = self._script(stream)
        if script is None:
            return False
        if script.place.name == "greeting":
            await stream.send_raw(script.damaged(script.place.words[0]))
        if script.place.name in ("records", "fix records"):
            _damage(stream, "_flush_raw", script)
        return False

    async def _above_tls(self, stream: Stream) -> bool:
        script = self._script(stream)
        if script is not None and script.place.name in ("http", "upgrade", "fix"):
            _damage(stream, "send", script)
        return False

    async def _opened(self, stream: Stream) -> bool:
        script = self._script(stream)
        if script is not None and script.place.name == "frames":
            _damage(stream, "send", script)
        return False


def _damage(stream: Stream, method: str, script: Script) -> None:
    """From now on, what goes through this method of the stream arrives damaged."""
    name = "send" if method == "send" else "send_raw"
    healthy = getattr(stream, name)

    async def send(data: bytes) -> None:
        await healthy(script.damaged(data))
        if script.then is not None:
            await end(stream, script.then)
            raise ConnectionResetError("this wire has ended")

    setattr(stream, name, send)


def _wildcard(authority: Authority) -> Chain:
    return authority.leaf(f"*.{_ZONE}", "localhost", "127.0.0.1")


def _address(slot: int) -> str:
    return f"127.0.9.{slot + 1}"


def _asked(reply: dns.message.Message) -> bytes:
    query = dns.message.make_query(
        reply.question[0].name, reply.question[0].rdtype, use_edns=0, id=reply.id
    )
    return query.to_wire()


def _environment(slot: int, state: State, wanted: EndpointKind) -> Environment:
    """The environment of a slot: one endpoint, and the key that is loaded soonest."""
    whole = sandbox_environment(state, fix_logon=True)
    assert whole.fix_logon is not None
    logs_on = wanted is EndpointKind.FIX
    host = f"s{slot}.{_ZONE}"
    endpoints = {}
    for kind, endpoint in whole.endpoints.items():
        target = HostPort(host, endpoint.target.port)
        url = endpoint.url.replace(str(endpoint.target), str(target))
        if kind is wanted:
            endpoints[kind] = replace(endpoint, target=target, url=url)
    return replace(
        whole,
        name=f"slot{slot}",
        endpoints=endpoints,
        required=tuple(endpoints),
        credentials=Credentials() if logs_on else whole.fix_logon.credentials,
        fix_logon=whole.fix_logon if logs_on else None,
    )


def survey(
    field_: Battlefield, state: State, numbers: Sequence[int], hangs_seconds: float
) -> dict[int, Diagnosis]:
    """Survey one slot for each number, all at once; fails where that does not end."""
    field_.scripts.clear()
    field_.scripts.update({slot: Script(number) for slot, number in enumerate(numbers)})

    async def bounded() -> Sequence[Diagnosis]:
        async with asyncio.timeout(hangs_seconds):
            plans = [field_.plan(slot, state) for slot in field_.scripts]
            return (await run(plans, budget_seconds=BUDGET_SECONDS)).diagnoses

    found = asyncio.run(bounded())
    return {s.number: d for s, d in zip(field_.scripts.values(), found, strict=True)}


def outcome_of(diagnosis: Diagnosis) -> str:
    """The verdict in a word, after the whole record of it was made."""
    record: dict[str, Any] = environment_record(diagnosis, lambda _, c: hint_for(c))
    causes = [record["root_cause"], *record["other_causes"]]
    ids = [cause["id"] for cause in causes if cause is not None]
    for journey in diagnosis.journeys:
        for step in journey.steps:
            known = not any(c.id.endswith("-unclassified") for c in step.causes)
            assert known, f"unclassified: {step.evidence.failure}"
    return ids[0] if ids else str(diagnosis.verdict)
