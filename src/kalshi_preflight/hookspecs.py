"""The hooks for anybody's ``conftest.py``; the docstrings are contract."""

from collections.abc import Mapping
from typing import Any

import pytest

from kalshi_preflight.model.cause import AnyCause, Hint
from kalshi_preflight.model.environment import Environment


@pytest.hookspec(firstresult=True)
def pytest_preflight_hint(
    cause: AnyCause,
    evidence: Mapping[str, Any],
    environment: Environment | None,
    config: pytest.Config,
) -> Hint | None:
    """Give the hint for ``cause``, or ``None`` to leave it to the next implementation.

    Called once for each cause of each surveyed environment, and of the engine (then
    ``environment`` is ``None``), before anything is reported. ``evidence`` are the
    particulars of the case (``cause.evidence``); what stands in them may be the words
    of a server, so do not put them into commands unquoted. The suite's own catalogue is
    the last implementation.
    """


@pytest.hookspec
def pytest_preflight_report(document: Mapping[str, Any], config: pytest.Config) -> None:
    """Receive the finished document (``report/diagnosis.schema.json``), redacted.

    Called once, at the end of a run that diagnosed something, in the controlling
    process only. Changing ``document`` changes nothing.
    """
