"""TLS: is the line private, and with whom?"""

import pytest

from kalshi_preflight.plugin.answers import Answers

pytestmark = pytest.mark.tls


def test_speaks_tls(tls: Answers) -> None:
    """The peer speaks TLS and completes the handshake, up to its certificate."""
    assert tls.failure_kind in (None, "certificate")


def test_certificate_is_trusted(tls: Answers) -> None:
    """The certificate is valid now, for this name, and its issuer is trusted."""
    assert tls["subject"]
    assert tls["issuer"]


def test_certificate_lasts(tls: Answers) -> None:
    """The certificate is valid for 14 more days (less is a warning)."""
    assert tls["days_left"] is not None
    assert tls["days_left"] >= 0


def test_tls_version(tls: Answers) -> None:
    """The connection uses TLS 1.2 or newer."""
    assert tls["version"] in ("TLSv1.2", "TLSv1.3")
