"""A pytest plugin that ends the process in the middle of a run, as a crash would."""

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Leave at once, without any clean-up, when the first question has been asked."""
    if any(item.get_closest_marker(mark) for mark in ("sandbox", "v8")):
        os._exit(9)
