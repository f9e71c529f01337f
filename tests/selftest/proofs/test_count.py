"""How many failures known from the field are proved, over all layers."""

import pytest

from tests.selftest.proofs import fix, net, tls, web

pytestmark = pytest.mark.selftest

#: What the project promises at least.
PROMISED = 200


def test_enough_failures_of_the_field_are_proved() -> None:
    """More different failures are injected than are promised."""
    proved = {*net.PROOFS, *tls.PROOFS, *web.PROOFS, *fix.PROOFS}
    assert len(proved) >= PROMISED
