"""DNS: is the name known, and is it the right answer?"""

import pytest

from kalshi_preflight.plugin.answers import Answers

pytestmark = pytest.mark.dns


def test_resolves(dns: Answers) -> None:
    """The name has at least one address."""
    assert dns["addresses"]


def test_resolver_and_system_agree(dns: Answers) -> None:
    """The resolver and the system's own look-up agree on the name."""
    assert dns["system_addresses"]


def test_addresses_are_public(dns: Answers) -> None:
    """The addresses are public ones (loopback is right in a laboratory)."""
    assert dns["addresses"]


def test_resolves_quickly(dns: Answers) -> None:
    """Resolving takes less than a second (more is a warning)."""
    assert dns["addresses"]
    assert dns.elapsed_ms < 10_000
