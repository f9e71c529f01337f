"""The signature of a FIX logon."""

import pytest

from kalshi_preflight.signing import fix, signer_from
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest

NOON_MS = 1795262400000


def test_sending_time_is_utc_with_milliseconds() -> None:
    """SendingTime has the form of FIX and the milliseconds of the clock given."""
    assert fix.sending_time(NOON_MS) == "20261121-12:00:00.000"
    assert fix.sending_time(NOON_MS + 7) == "20261121-12:00:00.007"


def test_ed25519_vector() -> None:
    """The key of RFC 8032 gives the known RawData."""
    signer = signer_from(
        material.credentials(
            material.pem(material.rfc8032_key()),
            key_id="00000000-0000-0000-0000-000000000000",
        )
    )
    data = fix.raw_data(signer, timestamp_ms=NOON_MS, target_comp_id="KalshiNR")
    assert data == (
        "DtdemAw475om7k5WbawRTm/dbQhWdpLcp8FwRYtDW5haAxpwpjzvIf/Qd5tjZrKoOgOWtp2s3b4k"
        "13XalRNdBw=="
    )
