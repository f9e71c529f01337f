"""Plugins that end a run well which proved nothing: ``BYPASS`` names the way."""

import os
from collections.abc import Generator
from typing import Any

import pytest

_WAY = os.environ.get("BYPASS", "")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Let every test pass."""
    report = yield
    if _WAY == "reports":
        report.outcome, report.longrepr = "passed", None
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Have the last word on the exit status, or fall over after it."""
    yield
    if _WAY == "exit status":
        session.exitstatus = 0
    if _WAY == "crash at the end":
        raise RuntimeError("the end of the run breaks")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Fall over in the middle, after the survey was made."""
    if _WAY == "crash in the middle" and report.when == "call":
        raise RuntimeError("a plugin breaks")


def pytest_runtest_call(item: pytest.Item) -> None:
    """End the run from within a test."""
    if _WAY == "exit in a test":
        pytest.exit("enough", returncode=0)
    if _WAY == "os._exit in a test":
        os._exit(0)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """End the run when the last question has been answered."""
    if _WAY == "exit in the last test" and item is item.session.items[-1]:
        pytest.exit("enough", returncode=0)


def pytest_unconfigure() -> None:
    """End the process before anything more can be said."""
    if _WAY == "os._exit at the end":
        os._exit(0)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take questions away, or the meaning of their answers."""
    if _WAY == "items dropped":
        del items[::2]
    for item in items:
        if _WAY == "all skipped":
            item.add_marker(pytest.mark.skip)
        if _WAY == "one skipped" and "test_tls_version" in item.nodeid:
            item.add_marker(pytest.mark.skip)
        if _WAY == "all expected to fail":
            item.add_marker(pytest.mark.xfail(run=False))


def pytest_ignore_collect() -> bool | None:
    """Collect nothing."""
    return True if _WAY == "nothing collected" else None
