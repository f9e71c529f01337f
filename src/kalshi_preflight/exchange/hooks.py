"""Where faults act: one field of a plain value per place where the real thing acts.

A healthy exchange has every field at its default. A fault's ``apply`` fills in one or
two of them before the exchange starts; the exchange reads them as it goes. Hooks of one
list run in the order in which the faults were named. A hook that returns True has taken
the connection over: nothing else happens on it.
"""

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum

import dns.message

from kalshi_preflight.exchange.authentication import Verdict
from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.ledger import Question
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.wire import Stream

# (question, the healthy reply) -> the reply, raw bytes, or None for silence
AnswerDns = Callable[
    [Question, dns.message.Message], Awaitable[dns.message.Message | bytes | None]
]
# (the accepted or secured stream) -> taken over?
TakeStream = Callable[[Stream], Awaitable[bool]]
# (stream, the first bytes the client sent) -> taken over?
TakeHello = Callable[[Stream, bytes], Awaitable[bool]]
# (request, the healthy answer) -> the answer
AnswerHttp = Callable[[Request, Response], Awaitable[Response]]
# (stream, request, answer, its bytes) -> written by the hook? The connection then ends.
SendHttp = Callable[[Stream, Request, Response, bytes], Awaitable[bool]]
# (stream, the CONNECT request) -> taken over?
TakeConnect = Callable[[Stream, Request], Awaitable[bool]]
# (request, the healthy verdict) -> the verdict
JudgeRequest = Callable[[Request, Verdict], Verdict]
# a JSON frame about to be sent -> the frame, raw bytes for the wire, or None to swallow
SendFrame = Callable[[dict[str, object]], dict[str, object] | bytes | None]
# (stream, tag 35 of what came or "pulse" for a heartbeat, the healthy replies)
# -> the replies; None: hang up
AnswerFix = Callable[[Stream, str, list[bytes]], Awaitable[list[bytes] | None]]


class Opening(Enum):
    """What becomes of a connection attempt."""

    LISTEN = "listen"
    REFUSE = "refuse"
    BLACK_HOLE = "black hole"
    LATE = "late"  # the first SYN is dropped, the kernel's second one is answered


@dataclass
class DnsHooks:
    """Replies of one DNS server; which of its ports are closed."""

    answers: list[AnswerDns] = field(default_factory=list)
    closed: bool = False
    tcp_closed: bool = False


@dataclass
class ListenerHooks:
    """One TCP port, up to the end of the TLS handshake.

    ``others`` are more addresses with the same port, each with an opening of its own.
    """

    opening: Opening = Opening.LISTEN
    others: dict[str, Opening] = field(default_factory=dict)
    accepted: list[TakeStream] = field(default_factory=list)
    hellos: list[TakeHello] = field(default_factory=list)
    chain: Callable[[Authority], Chain] = Authority.leaf
    contexts: list[Callable[[ssl.SSLContext], None]] = field(default_factory=list)
    secured: list[TakeStream] = field(default_factory=list)


@dataclass
class ProxyHooks:
    """A forward proxy that clients are told to use, and what it does with CONNECT.

    ``url`` is how they are told, with ``{port}`` in the place of its port; without one
    there is no proxy.
    """

    url: str | None = None
    port: ListenerHooks = field(default_factory=ListenerHooks)
    answers: list[TakeConnect] = field(default_factory=list)


@dataclass
class HttpHooks:
    """Requests as they come in, answers as values, answers as bytes."""

    requests: list[Callable[[Request], Request]] = field(default_factory=list)
    answers: list[AnswerHttp] = field(default_factory=list)
    sends: list[SendHttp] = field(default_factory=list)


@dataclass
class AuthenticationHooks:
    """The judgement of signed requests."""

    verdicts: list[JudgeRequest] = field(default_factory=list)


@dataclass
class TradingHooks:
    """What ``/exchange/status`` says."""

    exchange_active: bool = True
    trading_active: bool = True


@dataclass
class WebSocketHooks:
    """The handshake's switches, and the frames after it."""

    refuses_origin: bool = False
    authentication_first: bool = True
    sends_pongs: bool = True
    pong_delay_seconds: float = 0.0
    opened: list[TakeStream] = field(default_factory=list)
    commands: list[Callable[[str], bool]] = field(default_factory=list)
    frames: list[SendFrame] = field(default_factory=list)


@dataclass
class FixHooks:
    """Replies of the FIX acceptor, and whether the account's tier may use it."""

    entitled: bool = True
    answers: list[AnswerFix] = field(default_factory=list)


@dataclass
class ClockHooks:
    """How far the exchange's clock is from the true time; ahead is positive."""

    offset_seconds: float = 0.0


@dataclass
class SiblingHooks:
    """The other environment of this exchange: whether the account's keys are known."""

    knows_keys: bool = False
    web: ListenerHooks = field(default_factory=ListenerHooks)
    http: HttpHooks = field(default_factory=HttpHooks)


@dataclass
class Hooks:
    """Every place where a fault can act.

    ``alternate`` is one more name of the exchange, for clients to know of. ``control``,
    ``control_dns`` and ``sibling`` are the neighbours that a diagnosis asks to tell
    look-alikes apart.
    """

    dns: DnsHooks = field(default_factory=DnsHooks)
    control_dns: DnsHooks = field(default_factory=DnsHooks)
    web: ListenerHooks = field(default_factory=ListenerHooks)
    fix_port: ListenerHooks = field(default_factory=ListenerHooks)
    control: ListenerHooks = field(default_factory=ListenerHooks)
    proxy: ProxyHooks = field(default_factory=ProxyHooks)
    http: HttpHooks = field(default_factory=HttpHooks)
    control_http: HttpHooks = field(default_factory=HttpHooks)
    authentication: AuthenticationHooks = field(default_factory=AuthenticationHooks)
    trading: TradingHooks = field(default_factory=TradingHooks)
    websocket: WebSocketHooks = field(default_factory=WebSocketHooks)
    fix: FixHooks = field(default_factory=FixHooks)
    clock: ClockHooks = field(default_factory=ClockHooks)
    alternate: str | None = None
    sibling: SiblingHooks = field(default_factory=SiblingHooks)
