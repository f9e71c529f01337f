"""FIX messages in and out: simplefix parses and writes, we check what it does not."""

from collections.abc import Iterator
from datetime import UTC, datetime

from simplefix import FixMessage, FixParser
from simplefix.errors import ParsingError

BEGIN_STRING = b"FIXT.1.1"
SOH = b"\x01"


class Garbled(Exception):
    """Bytes that are no FIX message: wrong BeginString, BodyLength or CheckSum."""


class Reader:
    """Turns received bytes into checked messages."""

    def __init__(self) -> None:
        self._parser = FixParser()
        self._buffered = b""

    def feed(self, data: bytes) -> Iterator[FixMessage]:
        """Yield every whole message; raises ``Garbled``."""
        self._buffered += data
        while wire := self._next():
            self._parser.append_buffer(wire)
            try:
                message = self._parser.get_message()
            except ParsingError as error:
                raise Garbled(str(error)) from error
            if message is None:
                raise Garbled("not a message")
            yield message

    def _next(self) -> bytes | None:
        # 8=FIXT.1.1|9=<length>| … |10=<sum>| ; the length says where the sum begins.
        buffered = self._buffered
        start = b"8=" + BEGIN_STRING + SOH + b"9="
        if not buffered.startswith(start[: len(buffered)]):
            raise Garbled("BeginString")
        length, end, _ = buffered[len(start) :].partition(SOH)
        if not end:
            if len(buffered) > len(start) + 8:
                raise Garbled("BodyLength")
            return None
        if not length.isdigit() or len(length) > 5:
            raise Garbled("BodyLength")
        total = len(start) + len(length) + 1 + int(length) + len("10=000|")
        if len(buffered) < total:
            return None
        wire, self._buffered = buffered[:total], buffered[total:]
        check_sum = sum(wire[:-7]) % 256
        if wire[-7:] != b"10=%03d\x01" % check_sum:
            raise Garbled("CheckSum")
        return wire


class Writer:
    """Numbers, stamps and encodes the messages of one session."""

    def __init__(self, sender: str, target: str) -> None:
        self._sender = sender
        self._target = target
        self._sequence = 0

    def message(
        self, message_type: str, now: float, *fields: tuple[int, str | int | None]
    ) -> bytes:
        """Encode one message; ``now`` is Unix seconds, fields of None are left out."""
        self._sequence += 1
        message = FixMessage()
        message.append_pair(8, BEGIN_STRING)
        message.append_pair(35, message_type)
        message.append_pair(49, self._sender)
        message.append_pair(56, self._target)
        message.append_pair(34, self._sequence)
        message.append_pair(52, sending_time(now))
        for tag, value in fields:
            if value is not None:
                message.append_pair(tag, value)
        encoded: bytes = message.encode()
        return encoded


def text(message: FixMessage, tag: int) -> str:
    """Value of a tag; empty if it is absent."""
    value: bytes | None = message.get(tag)
    return "" if value is None else value.decode("latin-1")


def sending_time(now: float) -> str:
    """Write tag 52: ``YYYYMMDD-HH:MM:SS.mmm`` in UTC."""
    moment = datetime.fromtimestamp(now, UTC)
    return moment.strftime("%Y%m%d-%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


def unix_seconds(stamp: str) -> float | None:
    """Parse tag 52; None if it is not a time."""
    for form in ("%Y%m%d-%H:%M:%S.%f", "%Y%m%d-%H:%M:%S"):
        try:
            return datetime.strptime(stamp, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return None
