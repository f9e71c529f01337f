"""No timer for a question whose answer is there: a timer is a thread for each test.

pytest-timeout guards what waits. Of the live tests only the first one waits, for the
survey, which has a budget of its own; all others read what that one has found.
"""

import pytest

from kalshi_preflight.plugin.questions import CHECKOUT
from kalshi_preflight.plugin.selection import endpoint_of
from kalshi_preflight.plugin.surveying import SURVEY

_LIVE = CHECKOUT / "tests" / "live"


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item) -> bool | None:
    """Set none (``True``: it has been seen to) for our own questions, once surveyed."""
    is_answered = SURVEY in item.config.stash and endpoint_of(item) is not None
    return True if is_answered and item.path.parent == _LIVE else None
