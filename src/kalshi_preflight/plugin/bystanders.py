"""What costs a run more than it gives: a collector of garbage, and other plugins."""

import gc
import sys

import pytest

from kalshi_preflight.plugin.selection import asks_engine, environment_of

#: The name under which Hypothesis registers its plugin.
_HYPOTHESIS = "hypothesispytest"
#: New objects between two looks for garbage while a diagnosis starts (usually 700):
#: imports make many, and none of them is garbage.
_SELDOM = 50_000
_USUAL = gc.get_threshold()


def pytest_addoption() -> None:
    """Look for garbage seldom from here on, which is as early as a plugin can."""
    gc.set_threshold(_SELDOM, *_USUAL[1:])


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """As often as ever in a run that is more than a diagnosis."""
    live = [bool(environment_of(i)) or asks_engine(i) for i in session.items]
    if not live or not all(live):
        gc.set_threshold(*_USUAL)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave out what the end of a diagnosis does not need.

    To look through everything that is alive for garbage, as pytest does then, takes as
    long as ten tests: what is alive now is let be (``gc.freeze``). And where nobody has
    imported Hypothesis, its plugin would do so only to say that there is nothing to
    say, which takes as long as half a diagnosis.
    """
    if gc.get_threshold()[0] == _SELDOM:
        gc.freeze()
    if "hypothesis" not in sys.modules:
        manager = session.config.pluginmanager
        if manager.has_plugin(_HYPOTHESIS):
            manager.unregister(name=_HYPOTHESIS)
