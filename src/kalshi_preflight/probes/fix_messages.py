"""FIX messages in and out: simplefix encodes and parses, we check what it does not.

simplefix takes a message for whole when it meets tag 10, whatever length and sum say;
so both are computed here before it sees a byte (FIX 5.0 SP2, volume 1, "Message
Integrity").
"""

from simplefix import FixMessage, FixParser
from simplefix.errors import ParsingError

BEGIN_STRING = b"FIXT.1.1"
#: No session message comes near this; what claims to be longer is not waited for.
MESSAGE_LIMIT_BYTES = 64 * 1024
_SOH = b"\x01"
_HEAD = b"8=" + BEGIN_STRING + _SOH + b"9="
_TRAILER_BYTES = len(b"10=000\x01")
_LENGTH_DIGITS = len(str(MESSAGE_LIMIT_BYTES))
_SHOWN_BYTES = 64


class Garbled(ValueError):
    """Bytes that are no FIX message; ``shown`` are the first of them, escaped."""

    def __init__(self, problem: str, data: bytes) -> None:
        super().__init__(problem)
        self.shown = repr(bytes(data[:_SHOWN_BYTES]))[2:-1]


class Inbox:
    """Turns bytes as they come into messages that are whole and sound."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> None:
        """Take bytes in; what is not yet a message is kept."""
        self._buffer += data

    def take(self) -> FixMessage | None:
        """The next message, or ``None`` until more has come; raises :class:`Garbled`.

        Bytes that cannot become a message any more are found at once, so the buffer
        never holds more than one message and what came with it.
        """
        end = self._end()
        if end is None:
            return None
        whole, self._buffer = self._buffer[:end], self._buffer[end:]
        body = len(whole) - _TRAILER_BYTES
        if whole[body - 1 : body] != _SOH or not whole[body:].startswith(b"10="):
            raise Garbled("BodyLength (9) is wrong", whole)
        if whole[body:] != b"10=%03d\x01" % (sum(whole[:body]) % 256):
            raise Garbled("CheckSum (10) is wrong", whole)
        return _parsed(whole)

    def _end(self) -> int | None:
        """Where the first message ends; ``None`` while that has not arrived."""
        data = self._buffer
        if not data.startswith(_HEAD[: len(data)]):
            raise Garbled("BeginString (8) is not FIXT.1.1", data)
        length, found, _ = data[len(_HEAD) :][: _LENGTH_DIGITS + 1].partition(_SOH)
        if not found:
            if len(length) > _LENGTH_DIGITS:
                raise Garbled("BodyLength (9) is no length", data)
            return None
        if not length.isdigit() or int(length) > MESSAGE_LIMIT_BYTES:
            raise Garbled("BodyLength (9) is no length", data)
        end = len(_HEAD) + len(length) + len(_SOH) + int(length) + _TRAILER_BYTES
        return end if len(data) >= end else None


def _parsed(whole: bytes) -> FixMessage:
    parser = FixParser(allow_empty_values=True)
    parser.append_buffer(whole)
    try:
        message = parser.get_message()
    except ParsingError as error:
        raise Garbled("a field that is not tag=value", whole) from error
    # A data field (96) may claim more bytes than the message has.
    if message is None or message.get(35) is None:
        raise Garbled("no MsgType (35)", whole)
    return message


def encoded(kind: str, *fields: tuple[int, str]) -> bytes:
    """A message of MsgType ``kind``; BodyLength and CheckSum are added."""
    message = FixMessage()
    message.append_pair(8, BEGIN_STRING)
    message.append_pair(35, kind)
    for tag, value in fields:
        message.append_pair(tag, value)
    data: bytes = message.encode()
    return data


def text_of(message: FixMessage, tag: int) -> str:
    """The value of a tag as text, ``""`` without it; untrusted."""
    value: bytes | None = message.get(tag)
    return "" if value is None else value.decode("utf-8", "replace")
