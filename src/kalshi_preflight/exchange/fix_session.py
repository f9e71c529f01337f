"""One FIX session without a socket: messages in, replies out.

FIXT.1.1 with FIX50SP2, on the order-entry port: logon, heartbeats, logout. Every
application message is rejected; no branch accepts an order.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from simplefix import FixMessage

from kalshi_preflight.exchange.authentication import ApiKey, verifies
from kalshi_preflight.exchange.bucket import Bucket
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.fix_codec import Writer, text, unix_seconds

SENDING_TIME_SECONDS = 30.0
HEARTBEAT_SECONDS = range(4, 3601)
SESSION_TYPES = ("A", "0", "1", "2", "3", "4", "5")
LOGON_FIELDS = (98, 96, 108, 1137)
NOT_AUTHORIZED = 6  # BusinessRejectReason (380)


class Reason(IntEnum):
    """SessionRejectReason (tag 373)."""

    REQUIRED_TAG_MISSING = 1
    INCORRECT_VALUE = 5
    SIGNATURE = 8
    COMP_ID = 9
    SENDING_TIME = 10
    MESSAGE_TYPE = 11


@dataclass(frozen=True)
class Replies:
    """What to send, and whether to end the connection after it."""

    messages: tuple[bytes, ...] = ()
    ends: bool = False


class LogonRefused(Exception):
    """A logon that is answered with Logout (58) or with Reject (373)."""

    def __init__(
        self, words: str, reason: Reason | None = None, tag: int | None = None
    ):
        super().__init__(words)
        self.words = words
        self.reason = reason
        self.tag = tag


class Desk:
    """What the sessions of one acceptor share: the keys, and who is logged on."""

    def __init__(
        self,
        keys: Mapping[str, ApiKey],
        clock: Clock,
        target_comp_id: str,
        entitled: Callable[[], bool],
    ) -> None:
        self.keys = keys
        self.clock = clock
        self.target_comp_id = target_comp_id
        self.entitled = entitled
        self.logged_on: set[str] = set()
        self.logons = Bucket(2, 60)

    def admit(self, logon: FixMessage) -> str:
        """Check a logon; returns the key id. Raises ``LogonRefused``."""
        key_id = text(logon, 49)
        if text(logon, 56) != self.target_comp_id:
            raise LogonRefused("Invalid TargetCompID")
        if not self.logons.take(1):
            raise LogonRefused("rate limit exceeded")
        self._check_fields(logon)
        key = self.keys.get(key_id)
        if key is None:
            raise LogonRefused("CompID problem", Reason.COMP_ID, 49)
        if not self.timely(logon):
            raise LogonRefused("SendingTime accuracy problem", Reason.SENDING_TIME, 52)
        if not verifies(key.public_key, _raw_data(logon), signed_text(logon)):
            raise LogonRefused("Signature problem", Reason.SIGNATURE, 96)
        if not self.entitled():
            raise LogonRefused("API usage level is not allowed for FIX")
        if key_id in self.logged_on:
            raise LogonRefused("already exists")
        return key_id

    def timely(self, message: FixMessage) -> bool:
        """Whether SendingTime is within 30 s of the exchange's clock."""
        sent = unix_seconds(text(message, 52))
        if sent is None:
            return False
        return abs(sent - self.clock.now()) <= SENDING_TIME_SECONDS

    def _check_fields(self, logon: FixMessage) -> None:
        missing = next((tag for tag in LOGON_FIELDS if not text(logon, tag)), None)
        if missing is not None:
            raise LogonRefused(
                "Required tag missing", Reason.REQUIRED_TAG_MISSING, missing
            )
        if text(logon, 50):
            raise LogonRefused("SenderSubID must not be sent on Logon")
        if text(logon, 141) != "Y":
            raise LogonRefused("ResetSeqNumFlag must be Y")
        wrong = {
            98: text(logon, 98) != "0",
            108: not _is_heartbeat(text(logon, 108)),
            1137: text(logon, 1137) != "9",
        }
        for tag, is_wrong in wrong.items():
            if is_wrong:
                words = "Value is incorrect (out of range) for this tag"
                raise LogonRefused(words, Reason.INCORRECT_VALUE, tag)


class FixSession:
    """The state of one connection."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writer: Writer | None = None
        self._expected = 1
        self.key_id: str | None = None
        self.heartbeat_seconds = 30

    def receive(self, message: FixMessage) -> Replies:
        """Answer one message."""
        kind = text(message, 35)
        if self.key_id is None:
            return self._logon(message) if kind == "A" else Replies(ends=True)
        return self._misnumbered(message) or self._answer(message, kind)

    def heartbeat(self) -> Replies:
        """Say that we are alive."""
        return Replies((self._write("0"),))

    def test_request(self, test_id: str) -> Replies:
        """Ask whether the other side is alive."""
        return Replies((self._write("1", (112, test_id)),))

    def end(self) -> None:
        """Give the key free for another session."""
        if self.key_id is not None:
            self._desk.logged_on.discard(self.key_id)

    def _logon(self, message: FixMessage) -> Replies:
        self._writer = Writer(self._desk.target_comp_id, text(message, 49))
        if text(message, 34) != "1":
            return self._logout("MsgSeqNum must be 1")
        try:
            key_id = self._desk.admit(message)
        except LogonRefused as refused:
            if refused.reason is None:
                return self._logout(refused.words)
            rejected = self._reject(message, refused.words, refused.reason, refused.tag)
            return Replies(rejected.messages, ends=True)
        self._desk.logged_on.add(key_id)
        self.key_id = key_id
        self.heartbeat_seconds = int(text(message, 108))
        self._expected = 2
        heartbeat = (108, self.heartbeat_seconds)
        return Replies((self._write("A", (98, 0), heartbeat, (141, "Y"), (1137, 9)),))

    def _misnumbered(self, message: FixMessage) -> Replies | None:
        # This port keeps no messages to resend: a gap ends the session, like a repeat.
        number = text(message, 34)
        if number == str(self._expected):
            self._expected += 1
            return None
        low = number.isdigit() and int(number) < self._expected
        found = f"expecting {self._expected} but received {number}"
        return self._logout(f"MsgSeqNum too {'low' if low else 'high'}, {found}")

    def _answer(self, message: FixMessage, kind: str) -> Replies:
        if (problem := self._problem(message)) is not None:
            return problem
        if kind == "1":
            return Replies((self._write("0", (112, text(message, 112))),))
        if kind == "5":
            return self._logout(None)
        if kind in ("0", "3"):
            return Replies()
        if kind in SESSION_TYPES:
            return self._reject(message, "Invalid MsgType", Reason.MESSAGE_TYPE, 35)
        return self._refuse_application(message, kind)

    def _problem(self, message: FixMessage) -> Replies | None:
        if not self._desk.timely(message):
            words = "SendingTime accuracy problem"
            return self._reject(message, words, Reason.SENDING_TIME, 52)
        comp_ids = (text(message, 49), text(message, 56))
        if comp_ids != (self.key_id, self._desk.target_comp_id):
            return self._reject(message, "CompID problem", Reason.COMP_ID, 49)
        return None

    def _refuse_application(self, message: FixMessage, kind: str) -> Replies:
        fields = ((45, text(message, 34)), (372, kind), (380, NOT_AUTHORIZED))
        return Replies((self._write("j", *fields, (58, "Not authorized")),))

    def _logout(self, words: str | None) -> Replies:
        return Replies((self._write("5", (58, words)),), ends=True)

    def _reject(
        self, message: FixMessage, words: str, reason: Reason, tag: int | None
    ) -> Replies:
        fields = ((45, text(message, 34)), (58, words), (371, tag))
        kind = (372, text(message, 35))
        return Replies((self._write("3", *fields, kind, (373, int(reason))),))

    def _write(self, kind: str, *fields: tuple[int, str | int | None]) -> bytes:
        if self._writer is None:
            raise RuntimeError("nothing is written before a logon arrived")
        return self._writer.message(kind, self._desk.clock.now(), *fields)


def signed_text(logon: FixMessage) -> bytes:
    """Build what a logon signs: SendingTime, ``A``, MsgSeqNum and both CompIDs."""
    parts = (text(logon, 52), "A", text(logon, 34), text(logon, 49), text(logon, 56))
    return "\x01".join(parts).encode("latin-1")


def _is_heartbeat(value: str) -> bool:
    # Four digits at most: more is no number of seconds that anybody means.
    plain = value.isascii() and value.isdigit() and len(value) <= 4
    return plain and int(value) in HEARTBEAT_SECONDS


def _raw_data(logon: FixMessage) -> bytes:
    try:
        return base64.b64decode(text(logon, 96), validate=True)
    except (binascii.Error, ValueError):
        return b""
