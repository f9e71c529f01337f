"""For all self-tests: no socket leaves this machine, and no time is measured."""

import sys
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is slow, and no test measures absolute time.
settings.register_profile("preflight", settings(), deadline=None)
settings.load_profile("preflight")

_guarding = False


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
