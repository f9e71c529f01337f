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


def signed_text(
    signer: Signer, *, timestamp_ms: int, target_comp_id: str, sequence: int = 1
) -> bytes:
    """What a logon signs: SendingTime, MsgType ``A``, MsgSeqNum and both CompIDs.

    SenderCompID is the key id; the fields are joined by SOH.
    """
    fields = (
        sending_time(timestamp_ms),
        "A",
        str(sequence),
        signer.key_id.reveal(),
        target_comp_id,
    )
    return _SOH.join(fields).encode("ascii")


def raw_data(
    signer: Signer, *, timestamp_ms: int, target_comp_id: str, sequence: int = 1
) -> str:
    """The base64 of the signature over :func:`signed_text` of the logon."""
    signed = signed_text(
        signer,
        timestamp_ms=timestamp_ms,
        target_comp_id=target_comp_id,
        sequence=sequence,
    )
    return base64.b64encode(signer.sign(signed)).decode()
