"""For all self-tests: no socket leaves this machine, and no time is measured."""

import sys
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

_guarding = False
_PROFILE = "preflight"


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise where a self-test is about to speak to somebody else."""
    if not _guarding or event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return  # a Unix socket leads nowhere else
    host = str(address[0]).split("%", 1)[0]
    if host != "localhost" and not ip_address(host).is_loopback:
        raise AssertionError(f"a self-test may not speak to {host}")


sys.addaudithook(_refuse)


@pytest.fixture(autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection that is not to this machine."""
    global _guarding  # noqa: PLW0603  # an audit hook cannot be taken off again
    _guarding = True
    yield
    _guarding = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning in a self-test is an error: what is deprecated breaks tomorrow."""
    for item in items:
        if item.get_closest_marker("selftest") is not None:
            item.add_marker(pytest.mark.filterwarnings("error"))


def pytest_pycollect_makemodule() -> None:
    """Take the time off Hypothesis' examples: a busy machine is slow.

    Before the first module of self-tests is imported, and not in runs without any.
    """
    from hypothesis import settings

    if settings.get_current_profile_name() != _PROFILE:
        settings.register_profile(_PROFILE, settings(), deadline=None)
        settings.load_profile(_PROFILE)
