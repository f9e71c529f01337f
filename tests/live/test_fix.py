"""FIX: would a session come up? Asked only with --fix-logon and a key of its own."""

import pytest

from kalshi_preflight.plugin.answers import Answers

pytestmark = pytest.mark.fix


def test_port_and_session_match(fix: Answers) -> None:
    """Host, port and TargetCompID belong together (if not, that is a warning)."""
    assert fix["target_comp_id"]


def test_key_is_its_own(fix: Answers) -> None:
    """The key for the logon is one that no program uses (nothing is sent for this)."""
    assert fix["key_id"]


def test_logon_is_accepted(fix: Answers) -> None:
    """A Logon is answered by a Logon: an open connection alone is no session."""
    assert fix["logon_ms"] is not None


def test_heartbeat_is_answered(fix: Answers) -> None:
    """A TestRequest is answered by a Heartbeat with the same TestReqID."""
    assert fix["heartbeat_ms"] is not None


def test_logout_is_answered(fix: Answers) -> None:
    """Our Logout ends the session (a Logout that is not answered is a warning)."""
    assert fix["logout"]
