"""WebSocket: does it open, does it speak, is it alive?"""

import pytest

from kalshi_preflight.plugin.answers import Answers

pytestmark = pytest.mark.websocket


def test_upgrade_succeeds(websocket: Answers) -> None:
    """A signed upgrade without an Origin header is accepted."""
    assert websocket["upgrade_status"] == 101


def test_origin_header(websocket: Answers) -> None:
    """The same upgrade with an Origin header was tried (a refusal is a note)."""
    assert websocket["upgrade_with_origin"]


def test_subscription_is_acknowledged(websocket: Answers) -> None:
    """A subscription to a public channel is acknowledged."""
    assert websocket["acknowledged_ms"] is not None


def test_data_or_pong_arrives(websocket: Answers) -> None:
    """Data or a pong arrives (a quiet market sends nothing for minutes)."""
    assert websocket.first("first_data_ms", "pong_ms") is not None


def test_ping_is_answered(websocket: Answers) -> None:
    """Our ping is answered within a second (later is a warning)."""
    assert websocket["pong_ms"] is not None
