"""FIX messages: what comes in is checked byte by byte, however it is cut."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.probes.fix_messages import (
    MESSAGE_LIMIT_BYTES,
    Garbled,
    Inbox,
    encoded,
    text_of,
)

pytestmark = pytest.mark.selftest

SOUND = encoded("0", (49, "Kalshi"), (56, "me"), (112, "a probe"))
texts = st.text(
    st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=40
)


def taken(*pieces: bytes) -> list[str]:
    """The TestReqIDs of all messages in these pieces."""
    inbox, found = Inbox(), []
    for piece in pieces:
        inbox.feed(piece)
        while (message := inbox.take()) is not None:
            found.append(text_of(message, 112))
    return found


def test_a_known_message_is_encoded_as_the_standard_says() -> None:
    """Order, BodyLength and CheckSum are those computed by hand."""
    assert (
        encoded("0", (112, "x")) == b"8=FIXT.1.1\x019=11\x0135=0\x01112=x\x0110=104\x01"
    )


@given(st.lists(texts, min_size=1, max_size=4), st.integers(1, 50))
def test_messages_survive_any_cut(ids: list[str], size: int) -> None:
    """However the stream is cut into pieces, the same messages come out."""
    stream = b"".join(encoded("0", (112, test_id)) for test_id in ids)
    pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
    assert taken(*pieces) == ids


@given(st.integers(0, len(SOUND) - 1), st.integers(1, 255))
def test_one_changed_byte_is_always_noticed(place: int, change: int) -> None:
    """A message with one byte changed never comes out as a message."""
    spoilt = bytearray(SOUND)
    spoilt[place] = (spoilt[place] + change) % 256
    found = []
    with suppress(Garbled):
        found = taken(bytes(spoilt))
    assert found == []


@given(st.binary(max_size=300))
def test_noise_is_garbled_or_waited_for(noise: bytes) -> None:
    """No noise makes a message, or anything else raise than Garbled."""
    found = []
    with suppress(Garbled):
        found = taken(noise)
    assert found == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "BeginString"),
        (b"8=FIX.4.4\x019=5\x0135=0\x0110=161\x01", "BeginString"),
        (b"8=FIXT.1.1\x019=x\x01", "BodyLength"),
        (b"8=FIXT.1.1\x019=\x01", "BodyLength"),
        (b"8=FIXT.1.1\x019=000000", "BodyLength"),
        (b"8=FIXT.1.1\x019=%d\x01" % (MESSAGE_LIMIT_BYTES + 1), "BodyLength"),
        (SOUND.replace(b"9=3", b"9=2"), "BodyLength"),
        (SOUND[:-4] + b"000\x01", "CheckSum"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, problem: str) -> None:
    """Each of the three checks names its field, and without waiting for more."""
    with pytest.raises(Garbled, match=problem):
        taken(data)


def test_a_data_field_that_claims_too_much_is_garbled() -> None:
    """A RawDataLength beyond the message's end makes no message."""
    with pytest.raises(Garbled, match="MsgType"):
        taken(encoded("A", (95, "9999"), (96, "short")))
