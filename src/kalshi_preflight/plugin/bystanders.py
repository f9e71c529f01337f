"""Other people's plugins that come along: what they cost a run they do nothing for."""

import sys

import pytest

#: The name under which Hypothesis registers its plugin.
_HYPOTHESIS = "hypothesispytest"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave Hypothesis out of the summary of a run in which nobody imported it.

    To say that there is nothing to say, its plugin imports the whole library, which
    takes as long as half a diagnosis. The self-tests use it; then it stays.
    """
    if "hypothesis" not in sys.modules:
        manager = session.config.pluginmanager
        if manager.has_plugin(_HYPOTHESIS):
            manager.unregister(name=_HYPOTHESIS)
