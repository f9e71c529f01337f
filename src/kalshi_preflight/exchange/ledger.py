"""What arrived at the exchange: the evidence that a client under test is harmless."""

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TypeVar

from kalshi_preflight.exchange.message import Headers, Request

Entry = TypeVar("Entry")

SECRET_HEADERS = ("kalshi-access-signature", "authorization", "cookie")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class RestRequest:
    """One REST request and the status decided on (a fault may have withheld it)."""

    method: str
    path: str
    headers: Headers
    status: int


@dataclass(frozen=True)
class Upgrade:
    """One request to the WebSocket path."""

    origin: str | None
    status: int
    headers: Headers

    @property
    def origin_present(self) -> bool:
        """Whether the client sent an ``Origin`` header at all."""
        return self.origin is not None


@dataclass(frozen=True)
class Question:
    """One DNS question; ``server`` is ``dns`` or ``control-dns``.

    ``checking_disabled`` is the CD bit (RFC 4035, 3.2.2), ``extended`` whether the
    question carries EDNS (RFC 6891).
    """

    server: str
    transport: str
    name: str
    record_type: str
    checking_disabled: bool = field(default=False, compare=False)
    extended: bool = field(default=False, compare=False)


def without_secrets(headers: Headers) -> Headers:
    """Headers that may be kept: no signature, and a key id by its last four."""
    return tuple((name, _safe(name.lower(), value)) for name, value in headers)


def _safe(name: str, value: str) -> str:
    if name in SECRET_HEADERS:
        return "(removed)"
    return f"…{value[-4:]}" if name == "kalshi-access-key" else value


class Ledger:
    """A thread-safe record: exact counts of everything, the newest ``keep`` entries.

    Only the counts are unbounded in time; a long run must not grow without limit.
    """

    def __init__(self, keep: int = 2048) -> None:
        self._lock = threading.Lock()
        self._rest: deque[RestRequest] = deque(maxlen=keep)
        self._upgrades: deque[Upgrade] = deque(maxlen=keep)
        self._commands: deque[str] = deque(maxlen=keep)
        self._questions: deque[Question] = deque(maxlen=keep)
        self._fix_messages: deque[str] = deque(maxlen=keep)
        self._counts: Counter[str] = Counter()

    def connected(self, listener: str) -> None:
        """Note an accepted TCP connection."""
        self._count(f"connections {listener}")

    def rest(self, request: Request, status: int) -> None:
        """Note a REST request."""
        headers = without_secrets(request.headers)
        with self._lock:
            self._rest.append(
                RestRequest(request.method, request.path, headers, status)
            )
            self._counts["rest"] += 1
            if request.method not in SAFE_METHODS:
                self._counts["state changing"] += 1

    def upgrade(self, request: Request, status: int) -> None:
        """Note a request to the WebSocket path."""
        headers = without_secrets(request.headers)
        with self._lock:
            self._upgrades.append(Upgrade(request.header("Origin"), status, headers))
            self._counts["upgrades"] += 1

    def command(self, text: str) -> None:
        """Note a WebSocket message that arrived."""
        with self._lock:
            self._commands.append(text)
            self._counts["commands"] += 1

    def sent(self) -> None:
        """Note a WebSocket message that left."""
        self._count("websocket messages sent")

    def asked(self, question: Question) -> None:
        """Note a DNS question."""
        with self._lock:
            self._questions.append(question)
            self._counts["questions"] += 1

    def fix_bytes_received(self, count: int) -> None:
        """Bytes arrived above TLS on the FIX port."""
        self._count("fix bytes", count)

    def fix_message(self, message_type: str, *, state_changing: bool) -> None:
        """Note a FIX message; only its type (tag 35) is kept."""
        with self._lock:
            self._fix_messages.append(message_type)
            self._counts["fix messages"] += 1
            if state_changing:
                self._counts["state changing"] += 1

    @property
    def rest_requests(self) -> tuple[RestRequest, ...]:
        """Newest last."""
        return self._copy(self._rest)

    @property
    def upgrades(self) -> tuple[Upgrade, ...]:
        """Newest last."""
        return self._copy(self._upgrades)

    @property
    def commands(self) -> tuple[str, ...]:
        """WebSocket texts as they came, newest last."""
        return self._copy(self._commands)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Newest last."""
        return self._copy(self._questions)

    @property
    def fix_messages(self) -> tuple[str, ...]:
        """Types (tag 35) of the FIX messages received, newest last."""
        return self._copy(self._fix_messages)

    @property
    def fix_bytes(self) -> int:
        """Bytes received above TLS on the FIX port, in all."""
        return self.count("fix bytes")

    @property
    def state_changing(self) -> int:
        """Requests and FIX messages that would have changed something."""
        return self.count("state changing")

    def count(self, what: str) -> int:
        """Count exactly: ``rest``, ``upgrades``, ``commands``, ``questions``, etc."""
        with self._lock:
            return self._counts[what]

    def connections(self, listener: str) -> int:
        """TCP connections accepted by ``web``, ``fix`` or ``control``."""
        return self.count(f"connections {listener}")

    def _count(self, what: str, by: int = 1) -> None:
        with self._lock:
            self._counts[what] += by

    def _copy(self, entries: deque[Entry]) -> tuple[Entry, ...]:
        with self._lock:
            return tuple(entries)
