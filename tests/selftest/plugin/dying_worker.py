"""A pytest plugin that ends one worker of a distributed run, as a crash would.

``DYING_WORKER`` names it; it dies when it has asked its first question.
"""

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Leave at once, without any clean-up and without an error code."""
    worker = getattr(item.config, "workerinput", {}).get("workerid")
    if worker == os.environ["DYING_WORKER"]:
        os._exit(0)
