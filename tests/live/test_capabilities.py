"""Capabilities: what are the open ways to trade worth, in numbers? Warnings only."""

import pytest

from kalshi_preflight.plugin.capabilities import CapabilityAnswers

pytestmark = pytest.mark.capabilities


def test_polling_is_answered(polling: CapabilityAnswers) -> None:
    """Every call of a polling program is answered (a 429 is told by itself)."""
    assert polling["answers"] + polling["rate_limited"] == polling["calls"] > 0


def test_polling_is_within_the_limits(polling: CapabilityAnswers) -> None:
    """Polling at a fifth of the smallest budget is never told to slow down (429)."""
    assert polling["rate_limited"] == 0


def test_polling_is_fresh(polling: CapabilityAnswers) -> None:
    """No answer is older than one round, by its Age header or by the WebSocket."""
    assert not polling["stale"]


def test_polling_is_quick(polling: CapabilityAnswers) -> None:
    """Half of the calls take less than two seconds."""
    assert not polling["slow"]


def test_stream_holds(streaming: CapabilityAnswers) -> None:
    """The stream is acknowledged, stays open, and comes back after a forced close."""
    assert streaming["acknowledged_ms"] is not None
    assert streaming["drops"] == 0
    assert streaming["reconnect_ms"] is not None


def test_stream_is_whole(streaming: CapabilityAnswers) -> None:
    """No sequence number is missing (answers to commands take numbers, too)."""
    assert streaming["missing"] == 0


def test_stream_answers_pings(streaming: CapabilityAnswers) -> None:
    """Half of the pings come back within a second."""
    assert streaming["ping"].count > 0
    assert not streaming["slow"]


def test_signed_reads_are_answered(readiness: CapabilityAnswers) -> None:
    """Reads that only this key may make are answered (an order is never tried)."""
    assert readiness["signed_read_ms"] > 0


def test_scopes_are_told(readiness: CapabilityAnswers) -> None:
    """The exchange says what the key may do."""
    assert readiness["scopes"]
