"""The FIX probe: what it sends, what it believes, and how it leaves."""

import asyncio
import base64

import pytest

from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.fix_sessions import FIX_SESSIONS, FixSession
from kalshi_preflight.probes import fix
from kalshi_preflight.probes.fix_messages import encoded
from kalshi_preflight.probes.line import Identity, Line, Notes
from kalshi_preflight.signing import signer_from
from kalshi_preflight.signing.signer import Signer
from tests.selftest.probes.scripted_wire import ScriptedWire, fields_of
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest

#: Everything that a logon may carry; 50 and 8013 are dangerous, the rest unneeded.
LOGON_TAGS = {8, 9, 35, 49, 56, 34, 52, 95, 96, 98, 108, 1137, 10}
STAMP = (52, "20261121-12:00:00.000")


def signer(kind: str = "ed25519") -> Signer:
    """A signer with a fresh or a known key."""
    key = material.rfc8032_key() if kind == "ed25519" else material.rsa_key()
    return signer_from(material.credentials(material.pem(key)))


def answer(kind: str, *fields: tuple[int, str], sender: str = "Kalshi") -> bytes:
    """A message of the exchange to us."""
    header = (49, sender), (56, material.KEY_ID), (34, "1"), STAMP
    return encoded(kind, *header, *fields)


def converse(
    *answers: bytes,
    wire: ScriptedWire | None = None,
    target_comp_id: str = "KalshiNR",
    kind: str = "ed25519",
) -> tuple[Notes, ScriptedWire, Exception | None]:
    """Run the probe over a scripted wire; returns notes, wire and what it raised."""
    endpoint = Endpoint(
        kind=EndpointKind.FIX,
        target=HostPort("fix.example", 8228),
        target_comp_id=target_comp_id,
    )
    environment = Environment(name="lab", endpoints={EndpointKind.FIX: endpoint})
    identity = Identity(signer=signer(kind))
    line = Line(environment=environment, endpoint=endpoint, identity=identity)
    wire = wire or ScriptedWire(answers)
    line.tls = wire  # type: ignore[assignment]  # a wire is all that the probe needs
    notes: Notes = {}
    try:
        asyncio.run(fix.probe(line, notes))
    except Exception as error:  # noqa: BLE001  # the test looks at it
        return notes, wire, error
    return notes, wire, None


@pytest.mark.parametrize("session", FIX_SESSIONS, ids=lambda s: s.target_comp_id)
def test_a_logon_carries_what_is_needed_and_no_more(session: FixSession) -> None:
    """No SenderSubID, no cancel-on-disconnect, a reset only where it is demanded."""
    resets = {"KalshiNR", "KalshiDC", "KalshiRFQ", "KalshiMD"}
    name = session.target_comp_id
    _, wire, _ = converse(target_comp_id=name)
    logon = wire.fields[0]
    assert set(logon) == LOGON_TAGS | ({141} if name in resets else set())
    assert (logon[35], logon[34], logon[56]) == ("A", "1", name)
    assert (logon[98], logon[108], logon[1137]) == ("0", "30", "9")
    assert logon[49] == material.KEY_ID


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_the_signature_is_over_the_fields_that_are_sent(kind: str) -> None:
    """RawData verifies over the very SendingTime, number and CompIDs of the message."""
    notes, wire, _ = converse(kind=kind)
    logon = wire.fields[0]
    text = "\x01".join((logon[52], "A", logon[34], logon[49], logon[56])).encode()
    signature = base64.b64decode(logon[96])
    assert signer(kind).verifies(text, signature)
    assert int(logon[95]) == len(logon[96])
    assert notes["signature_verifies"] is True


@pytest.mark.parametrize("sender", ["Kalshi", "KalshiNR"])
def test_both_names_of_the_exchange_are_taken(sender: str) -> None:
    """Inbound 49 may be the documented ``Kalshi`` or the session's own name."""
    notes, _, _ = converse(answer("A", (98, "0"), (108, "30"), sender=sender))
    assert "logon_ms" in notes


@pytest.mark.parametrize("sender", ["", "somebody"])
def test_a_logon_of_somebody_else_is_none(sender: str) -> None:
    """A Logon from another sender is not the exchange's."""
    notes, _, error = converse(answer("A", sender=sender))
    assert "logon_ms" not in notes
    assert type(error).__name__ == "Garbled"


def test_a_logon_to_somebody_else_is_none() -> None:
    """A Logon that is addressed to another key id is not the answer to ours."""
    other = (49, "Kalshi"), (56, "another"), (34, "1"), STAMP
    notes, _, error = converse(encoded("A", *other))
    assert "logon_ms" not in notes
    assert type(error).__name__ == "Garbled"


@pytest.mark.parametrize("kind", ["0", "1", "2", "4", "8", "U1"])
def test_nothing_but_a_logon_is_a_logon(kind: str) -> None:
    """Any other message of the exchange leaves us waiting, and is not answered."""
    notes, wire, error = converse(answer(kind, (112, "x")))
    assert isinstance(error, TimeoutError)
    assert "logon_ms" not in notes
    assert notes["received"] == [kind]
    assert len(wire.sent) == 1


def test_a_foreign_heartbeat_is_no_answer() -> None:
    """A Heartbeat with another TestReqID, or none, does not prove that we are heard."""
    notes, _, error = converse(answer("A"), answer("0"), answer("0", (112, "another")))
    assert isinstance(error, TimeoutError)
    assert "heartbeat_ms" not in notes
    assert notes["awaiting"] == "TestRequest"


def test_a_session_is_left_with_a_logout_whatever_happened() -> None:
    """After a Logon the key is freed, also where nobody answers any more."""
    _, wire, _ = converse(answer("A"))
    assert [fields[35] for fields in wire.fields] == ["A", "1", "5"]
    assert [fields[34] for fields in wire.fields] == ["1", "2", "3"]


def test_a_refused_logon_is_left_in_silence() -> None:
    """Where no session came to be there is none to log out of."""
    notes, wire, error = converse(answer("5", (58, "no")))
    assert error is None
    assert [fields[35] for fields in wire.fields] == ["A"]
    assert (notes["refusal"], notes["text"]) == ("Logout", "no")


def test_a_test_request_is_answered() -> None:
    """The exchange's own TestRequest gets its Heartbeat, with the same TestReqID."""
    _, wire, _ = converse(answer("A"), answer("1", (112, "are you there")))
    assert (wire.fields[2][35], wire.fields[2][112]) == ("0", "are you there")


def test_a_resend_request_is_no_fault() -> None:
    """A ResendRequest after the Logon is noted, and the session goes on."""
    notes, wire, _ = converse(answer("A"), answer("2", (7, "1"), (16, "0")))
    assert notes["received"] == ["A", "2"]
    assert "logon_ms" in notes
    assert "refusal" not in notes
    assert all(fields[35] != "4" for fields in wire.fields)


class Echo(ScriptedWire):
    """Refuses with a text that quotes a part of the signature that was just sent."""

    def __init__(self, part: slice) -> None:
        super().__init__()
        self._part = part
        self.quoted = ""

    async def receive(self) -> bytes:
        """The refusal."""
        self.quoted = fields_of(self.sent[0])[96][self._part]
        return answer("5", (58, f"bad signature {self.quoted}"))


@pytest.mark.parametrize("part", [slice(None), slice(0, 8), slice(-8, None)])
def test_an_echoed_signature_is_not_repeated(part: slice) -> None:
    """A text that quotes our signature, in part or whole, is not kept."""
    wire = Echo(part)
    notes, _, _ = converse(wire=wire)
    assert wire.quoted
    assert wire.quoted not in notes["text"]
