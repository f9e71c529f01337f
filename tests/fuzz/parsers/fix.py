"""FIX: messages of the session level, in their envelope and out of it."""

import zlib

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import climb, outcome_of, wire_of

_BEGIN = b"8=FIXT.1.1\x01"


def attempt(data: bytes) -> str:
    """The cause found when ``data`` answers the logon.

    Damage hardly ever gets past length and sum, so every other input has its envelope
    mended: the fields inside are what is hostile then.
    """
    if zlib.crc32(data) % 2:
        data = b"".join(map(_enveloped, data.split(_BEGIN)[1:])) or data
    return outcome_of(climb(EndpointKind.FIX, Layer.FIX, wire_of(data)))


def _enveloped(message: bytes) -> bytes:
    """A message whose length and sum are right, whatever its fields are."""
    _, _, body = message.partition(b"\x01")  # without the length that it claims
    body = body.rpartition(b"10=")[0] or body
    whole = _BEGIN + b"9=%d\x01" % len(body) + body
    return whole + b"10=%03d\x01" % (sum(whole) % 256)


TARGET = Target(
    name="fix",
    modules=("probes.fix", "probes.fix_messages", "probes.fix_session"),
    attempt=attempt,
    short=1_000,
    whole=30_000,
    words=(
        b"\x01",
        _BEGIN,
        b"9=99999999999999999999\x01",
        b"9=\xb2\x01",
        b"35=A\x01",
        b"35=5\x01",
        b"35=3\x01",
        b"35=j\x01",
        b"35=1\x01112=\xff\x01",
        b"52=99999999-99:99:99\x01",
        b"52=00010101-00:00:00\x01",
        b"95=999999\x0196=\x01",
        b"95=-1\x0196=x\x01",
        b"373=\xc2\xb2\x01",
        b"371=10\x01",
        b"58=SendingTime\x01",
        b"=\x01",
        b"10=000\x01",
    ),
)
