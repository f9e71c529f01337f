"""One FIX session over the journey's wire: numbers, stamps, and what comes in."""

import asyncio
import contextlib
import time
from collections import deque
from datetime import UTC, datetime

from simplefix import FixMessage

from kalshi_preflight.probes.fix_messages import Garbled, Inbox, encoded, text_of
from kalshi_preflight.probes.line import Notes
from kalshi_preflight.probes.wire import PeerClosed, TooMuch, Wire
from kalshi_preflight.signing.fix import raw_data, sending_time
from kalshi_preflight.signing.signer import Signer

#: Messages read in search of one answer, and how many of their types are kept.
_MESSAGES_LIMIT = 1000
_KEPT_TYPES = 20
_TEXT_CHARACTERS = 300
#: What ends a session, or says that a message was not taken.
_REFUSALS = {"5": "Logout", "3": "Reject", "j": "BusinessMessageReject"}
_REFUSAL_FIELDS = {
    "reject_reason": 373,
    "reject_tag": 371,
    "business_reject_reason": 380,
}
#: So many characters in a row of a signature are no coincidence.
_ECHO_CHARACTERS = 8
_GOODBYE_SECONDS = 0.2


class FixSession:
    """Sends session messages and waits for their answers.

    Notes ``received`` (the types of messages that came), ``sender_comp_id``,
    ``exchange_time``, ``our_time`` and ``clock_offset_seconds`` (positive: we are
    ahead) from the last SendingTime, ``first_bytes`` of what is no message; and of a
    refusal ``refusal`` (``Logout``, ``Reject`` or ``BusinessMessageReject``), ``text``
    (58) and the numbers ``reject_reason`` (373), ``reject_tag`` (371) and
    ``business_reject_reason`` (380).
    """

    def __init__(
        self, wire: Wire, signer: Signer, target_comp_id: str, notes: Notes
    ) -> None:
        self.target_comp_id = target_comp_id
        self.logged_on = False
        self._wire = wire
        self._signer = signer
        self._notes = notes
        self._inbox = Inbox()
        self._sent = 0
        self._signature = ""
        self._said_goodbye = False
        self._types: deque[str] = deque(maxlen=_KEPT_TYPES)

    async def send_logon(self, *fields: tuple[int, str]) -> None:
        """Sign and send the logon; the signed time is the very one of tag 52."""
        now_ms = _now_ms()
        self._signature = raw_data(
            self._signer, timestamp_ms=now_ms, target_comp_id=self.target_comp_id
        )
        self._notes["signature_verifies"] = self._verifies(now_ms)
        # The exchange's tables leave RawDataLength (95) out, but a data field without
        # its length is no FIX: engines with a dictionary drop the whole message.
        data = (95, str(len(self._signature))), (96, self._signature)
        await self._send("A", now_ms, *data, *fields)

    async def send(self, kind: str, *fields: tuple[int, str]) -> None:
        """Send one message."""
        await self._send(kind, _now_ms(), *fields)

    async def send_logout(self) -> None:
        """Send our Logout, once."""
        self._said_goodbye = True
        await self.send("5")

    async def leave(self) -> None:
        """Free the key's one session, however the conversation ended.

        Without a Logout the exchange holds the key for up to a minute.
        """
        if not self.logged_on or self._said_goodbye:
            return
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self.send_logout()

    async def answered(self, kind: str, *fields: tuple[int, str]) -> bool:
        """Wait for a message of this type with these fields.

        False if a refusal came instead, which is noted. Raises
        :class:`.fix_messages.Garbled`, :class:`.wire.PeerClosed`, or what the wire
        raises; the deadline is the caller's.
        """
        for _ in range(_MESSAGES_LIMIT):
            message = await self._receive()
            came = text_of(message, 35)
            if came == kind and all(text_of(message, t) == v for t, v in fields):
                return True
            if came in _REFUSALS:
                self._note_refusal(message, came)
                return False
            if came == "1" and self.logged_on:
                await self.send("0", (112, text_of(message, 112)))
        raise TooMuch(f"{_MESSAGES_LIMIT} messages and no answer among them")

    # --- one message ------------------------------------------------------------

    async def _send(self, kind: str, now_ms: int, *fields: tuple[int, str]) -> None:
        self._sent += 1
        header = (
            (49, self._signer.key_id.reveal()),
            (56, self.target_comp_id),
            (34, str(self._sent)),
            (52, sending_time(now_ms)),
        )
        await self._wire.send(encoded(kind, *header, *fields))

    async def _receive(self) -> FixMessage:
        try:
            while (message := self._inbox.take()) is None:
                data = await self._wire.receive()
                if not data:
                    raise PeerClosed("closed without an answer")
                self._inbox.feed(data)
            self._check_addresses(message)
        except Garbled as garbled:
            self._notes["first_bytes"] = self._unsigned(garbled.shown)
            raise
        self._note(message)
        return message

    def _check_addresses(self, message: FixMessage) -> None:
        """A message is for us and from the exchange: an echo of ours is neither.

        Documents say that inbound 49 is ``Kalshi``; the session's name has been seen
        there (production, 2026-10).
        """
        # A refusal counts wherever it is addressed: it may say that the address is bad.
        if text_of(message, 35) in _REFUSALS:
            return
        if text_of(message, 49) not in ("Kalshi", self.target_comp_id):
            raise Garbled("SenderCompID (49) is not the exchange's", _bytes(message))
        if text_of(message, 56) != self._signer.key_id.reveal():
            raise Garbled("TargetCompID (56) is not our key id", _bytes(message))

    # --- notes ------------------------------------------------------------------

    def _note(self, message: FixMessage) -> None:
        self._types.append(text_of(message, 35)[:8])
        self._notes["received"] = list(self._types)
        self._notes["sender_comp_id"] = text_of(message, 49)[:40]
        if heartbeat := text_of(message, 108):
            self._notes["heartbeat_seconds"] = heartbeat[:8]
        theirs = _moment(text_of(message, 52))
        if theirs is not None:
            ours = datetime.now(UTC)
            self._notes["exchange_time"] = theirs.isoformat(timespec="seconds")
            self._notes["our_time"] = ours.isoformat(timespec="seconds")
            offset = (ours - theirs).total_seconds()
            self._notes["clock_offset_seconds"] = round(offset, 1)

    def _note_refusal(self, message: FixMessage, kind: str) -> None:
        said = self._unsigned(text_of(message, 58))
        self._notes["refusal"] = _REFUSALS[kind]
        self._notes["text"] = said[:_TEXT_CHARACTERS]
        for name, tag in _REFUSAL_FIELDS.items():
            self._notes[name] = _number(text_of(message, tag))

    def _unsigned(self, text: str) -> str:
        """Text without our signature, which is good for 30 s more and may be echoed."""
        signature = self._signature
        pieces = range(max(0, len(signature) - _ECHO_CHARACTERS + 1))
        if any(signature[i : i + _ECHO_CHARACTERS] in text for i in pieces):
            return "(a text that repeats our signature)"
        return text

    def _verifies(self, now_ms: int) -> bool:
        from base64 import b64decode

        from kalshi_preflight.signing.fix import signed_text

        signed = signed_text(
            self._signer, timestamp_ms=now_ms, target_comp_id=self.target_comp_id
        )
        return self._signer.verifies(signed, b64decode(self._signature))


def _bytes(message: FixMessage) -> bytes:
    data: bytes = message.encode(raw=True)
    return data


def _moment(stamp: str) -> datetime | None:
    """SendingTime as a time, or ``None`` if it is none."""
    for form in ("%Y%m%d-%H:%M:%S.%f", "%Y%m%d-%H:%M:%S"):
        try:
            return datetime.strptime(stamp, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
