"""TCP: does a connection open?"""

import pytest

from kalshi_preflight.plugin.answers import Answers

pytestmark = pytest.mark.tcp


def test_connects(tcp: Answers) -> None:
    """A TCP connection opens."""
    assert tcp["connected_to"]


def test_connects_on_every_address(tcp: Answers) -> None:
    """Every address accepts a connection (one that does not is a warning)."""
    assert tcp["connected_to"]
    assert all("failure" in attempt for attempt in tcp["attempts"])


def test_connects_quickly(tcp: Answers) -> None:
    """Connecting takes less than a second (more is a warning)."""
    assert tcp["connected_to"]
    assert tcp.elapsed_ms < 10_000
