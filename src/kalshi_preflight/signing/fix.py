"""The signature in a FIX logon (35=A): RawData, tag 96."""

import base64
from datetime import UTC, datetime, timedelta

from kalshi_preflight.signing.signer import Signer

_SOH = "\x01"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sending_time(timestamp_ms: int) -> str:
    """SendingTime (52) in UTC with milliseconds: ``20261121-12:00:00.000``."""
    moment = _EPOCH + timedelta(milliseconds=timestamp_ms)
    return f"{moment:%Y%m%d-%H:%M:%S}.{timestamp_ms % 1000:03d}"


def raw_data(
    signer: Signer, *, timestamp_ms: int, target_comp_id: str, sequence: int = 1
) -> str:
    """The base64 of the signature over the fields of the logon that carries it.

    Signed are SendingTime, MsgType ``A``, MsgSeqNum, SenderCompID (which is the key
    id) and TargetCompID, joined by SOH.
    """
    fields = (
        sending_time(timestamp_ms),
        "A",
        str(sequence),
        signer.key_id.reveal(),
        target_comp_id,
    )
    return base64.b64encode(signer.sign(_SOH.join(fields).encode("ascii"))).decode()
