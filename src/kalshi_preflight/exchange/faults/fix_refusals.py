"""A FIX logon that is refused: the words and codes of each refusal, in one table.

Texts are the exchange's where they are documented or were recorded; the others are
those of common engines. After a refusal the acceptor ends the connection.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.fix_codec import Writer
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

SENDER = "Kalshi"
LOGOUT, REJECT, BUSINESS_REJECT = "5", "3", "j"


@dataclass(frozen=True)
class Refusal:
    """One way to say no: the fault's name, the cause to find, and what is sent.

    ``code`` is SessionRejectReason (373) of a Reject, BusinessRejectReason (380) of a
    BusinessMessageReject; ``tag`` is RefTagID (371).
    """

    name: str
    cause: str
    kind: str
    text: str
    code: int | None = None
    tag: int | None = None

    def fields(self) -> tuple[tuple[int, str | int | None], ...]:
        """Everything after the header."""
        if self.kind == LOGOUT:
            return ((58, self.text),)
        code = 373 if self.kind == REJECT else 380
        about = (372, "A"), (371, self.tag), (code, self.code)
        return (45, 1), (58, self.text), *about


REFUSALS = (
    Refusal("fix-already-exists", "fix-logon-duplicate", LOGOUT, "already exists"),
    Refusal(
        "fix-logon-busy",
        "fix-logon-rate-limited",
        LOGOUT,
        "FIX logon service busy; retry with backoff",
    ),
    Refusal("fix-logon-limit", "fix-logon-rate-limited", LOGOUT, "rate limit exceeded"),
    Refusal(
        "fix-logon-limit-rejected",
        "fix-logon-rate-limited",
        BUSINESS_REJECT,
        "Rate limit exceeded",
        code=8,
    ),
    Refusal("fix-bad-signature", "fix-logon-signature", LOGOUT, "invalid signature"),
    Refusal(
        "fix-signature-rejected",
        "fix-logon-signature",
        REJECT,
        "Signature problem",
        code=8,
        tag=96,
    ),
    Refusal("fix-invalid-target", "fix-logon-target", LOGOUT, "Invalid TargetCompID"),
    Refusal(
        "fix-comp-id-rejected",
        "fix-logon-target",
        REJECT,
        "CompID problem",
        code=9,
        tag=56,
    ),
    Refusal(
        "fix-unknown-sender",
        "fix-logon-refused",
        REJECT,
        "CompID problem",
        code=9,
        tag=49,
    ),
    Refusal(
        "fix-clock-rejected",
        "fix-logon-clock",
        REJECT,
        "SendingTime accuracy problem",
        code=10,
        tag=52,
    ),
    Refusal(
        "fix-time-format",
        "fix-logon-clock",
        REJECT,
        "Incorrect data format for value",
        code=6,
        tag=52,
    ),
    Refusal(
        "fix-reset-flag-missing",
        "fix-logon-refused",
        LOGOUT,
        "ResetSeqNumFlag must be Y for this session",
    ),
    Refusal(
        "fix-sequence-too-low",
        "fix-logon-refused",
        LOGOUT,
        "MsgSeqNum too low, expecting 57 but received 1",
    ),
    Refusal("fix-wrong-version", "fix-logon-refused", LOGOUT, "Incorrect BeginString"),
    Refusal(
        "fix-heartbeat-interval",
        "fix-logon-refused",
        REJECT,
        "Value is incorrect (out of range) for this tag",
        code=5,
        tag=108,
    ),
    Refusal("fix-wordless-logout", "fix-logon-refused", LOGOUT, ""),
)


def client_of(healthy: list[bytes]) -> str:
    """The client's CompID, from the answer that a healthy acceptor would give."""
    found = re.search(rb"\x0156=([^\x01]*)\x01", healthy[0])
    return found[1].decode("latin-1") if found else ""


def _refusing(refusal: Refusal) -> Callable[[Hooks], None]:
    async def refuse(
        stream: Stream, kind: str, healthy: list[bytes]
    ) -> list[bytes] | None:
        if kind != "A":
            return healthy
        writer = Writer(SENDER, client_of(healthy))
        fields = [(tag, value or None) for tag, value in refusal.fields()]
        await stream.send(writer.message(refusal.kind, time.time(), *fields))
        return None

    def apply(hooks: Hooks) -> None:
        hooks.fix.answers.append(refuse)

    return apply


_SPOKEN = {LOGOUT: "Logout", REJECT: "Reject", BUSINESS_REJECT: "BusinessMessageReject"}

FAULTS = tuple(
    Fault(
        refusal.name,
        "fix",
        f"The FIX logon is answered with {_SPOKEN[refusal.kind]}"
        f" {refusal.text or 'and no text'!r}"
        + (f", reason {refusal.code}." if refusal.code is not None else "."),
        refusal.cause,
        _refusing(refusal),
    )
    for refusal in REFUSALS
)
