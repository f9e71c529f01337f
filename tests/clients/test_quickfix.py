"""QuickFIX as initiator, unmodified, against the standalone exchange."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.standalone import needed, standalone

pytestmark = pytest.mark.clients


def test_quickfix_logs_on_probes_and_logs_out(tmp_path: Path) -> None:
    """Logon, TestRequest answered by Heartbeat, Logout answered by Logout."""
    needed("quickfix")
    dictionaries = Path(sys.prefix) / "share" / "quickfix"
    program = "tests.clients.quickfix_initiator"
    state_file, directory = tmp_path / "state.json", tmp_path / "quickfix"
    directory.mkdir()
    with standalone(state_file):
        done = subprocess.run(
            [sys.executable, "-m", program, state_file, dictionaries, directory],
            capture_output=True,
            text=True,
            timeout=55,
            cwd=Path(__file__).parents[2],
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["A", ""], ["0", "probe"], ["5", ""]]
