"""The FIX faults, seen from outside by a client that is not ours to judge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.faults.fix_refusals import REFUSALS, Refusal
from tests.selftest.exchange.test_fix import Initiator

pytestmark = pytest.mark.selftest

SHORT_SECONDS = 0.3


@contextmanager
def faulty(directory: Path, fault: str) -> Iterator[Initiator]:
    """Connect to an exchange with one fault."""
    with Exchange(directory, faults=[fault]) as exchange:
        made = Initiator(exchange)
        with made.sock:
            yield made


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_a_refusal_is_heard_as_the_table_has_it(
    tmp_path: Path, refusal: Refusal
) -> None:
    """Type, text and codes arrive in a sound message, then the connection ends."""
    with faulty(tmp_path, refusal.name) as client:
        client.log_on()
        received = client.receive()
        assert client.receive() is None
    assert received is not None
    assert (received[35], received.get(58, "")) == (refusal.kind, refusal.text)
    code = received.get(373) or received.get(380)
    assert code == (None if refusal.code is None else str(refusal.code))
    assert received[56] == client.key_id


def test_silence_takes_the_logon(tmp_path: Path) -> None:
    """The logon is read, and nothing comes back while the line stays open."""
    with faulty(tmp_path, "fix-silence") as client:
        client.log_on()
        client.sock.settimeout(SHORT_SECONDS)
        with pytest.raises(TimeoutError):
            client.receive()


@pytest.mark.parametrize("fault", ["fix-hang-up", "fix-no-engine"])
def test_hanging_up_comes_without_a_word(tmp_path: Path, fault: str) -> None:
    """The connection ends, and no message came."""
    with faulty(tmp_path, fault) as client:
        client.log_on()
        assert client.receive() is None


def test_an_accepted_session_ignores_the_test_request(tmp_path: Path) -> None:
    """Logon and a Heartbeat of its own, but none with our TestReqID."""
    with faulty(tmp_path, "fix-other-heartbeat") as client:
        client.log_on()
        logon = client.receive()
        client.send("1", (112, "probe"))
        heartbeat = client.receive()
    assert logon is not None
    assert heartbeat is not None
    assert (logon[35], heartbeat[35]) == ("A", "0")
    assert 112 not in heartbeat
