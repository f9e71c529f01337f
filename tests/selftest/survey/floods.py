"""Peers that never come to an end, one line each: what they send, and what is found."""

import asyncio
import itertools
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dns.message

from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import is_status
from kalshi_preflight.exchange.ledger import Question
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.wire import Stream
from kalshi_preflight.model.environment import EndpointKind, HostPort

_DRIP_SECONDS = 0.02
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_TICKER = b'{"type":"ticker","msg":{}}'
_HEARTBEAT = b"8=FIXT.1.1\x019=5\x0135=0\x0110=163\x01"

Parts = Iterable[bytes]
Apply = Callable[[Hooks], None]


@dataclass(frozen=True, slots=True)
class Flood:
    """One such peer: how it is made, who meets it, which causes fit."""

    apply: Apply
    endpoint: EndpointKind
    causes: frozenset[str]


def _for_ever(data: bytes) -> Parts:
    """The same again and again, in large pieces."""
    return itertools.repeat(data * max(1, 65536 // len(data)))


def _drip(head: bytes, data: bytes) -> Parts:
    """A head at once, then byte after byte; an empty part is a pause."""
    yield head
    for byte in itertools.cycle(data):
        yield b""
        yield bytes([byte])


async def _pour(stream: Stream, parts: Parts, send: str = "send") -> bool:
    for part in parts:
        if part:
            await getattr(stream, send)(part)
        else:
            await asyncio.sleep(_DRIP_SECONDS)
    return True


def _http(*parts: Callable[[], Parts]) -> Apply:
    def apply(hooks: Hooks) -> None:
        async def answer(
            stream: Stream, request: Request, _: Response, __: bytes
        ) -> bool:
            concerned = is_status(request)
            return concerned and await _pour(stream, parts[0]())

        hooks.http.sends.append(answer)

    return apply


def _after_upgrade(parts: Callable[[], Parts]) -> Apply:
    def apply(hooks: Hooks) -> None:
        hooks.websocket.opened.append(lambda stream: _pour(stream, parts()))

    return apply


def _fix(parts: Callable[[], Parts]) -> Apply:
    def apply(hooks: Hooks) -> None:
        hooks.fix_port.secured.append(lambda stream: _pour(stream, parts()))

    return apply


def _hello(parts: Callable[[], Parts]) -> Apply:
    def apply(hooks: Hooks) -> None:
        def take(stream: Stream, _: bytes) -> Awaitable[bool]:
            return _pour(stream, parts(), "send_raw")

        hooks.web.hellos.append(take)

    return apply


def _tickets(hooks: Hooks) -> None:
    def many(context: ssl.SSLContext) -> None:
        context.num_tickets = 5_000

    hooks.web.contexts.append(many)


def _redirects(hooks: Hooks) -> None:
    async def answer(request: Request, response: Response) -> Response:
        if not is_status(request):
            return response
        return Response(302).with_header("Location", request.path)

    hooks.http.answers.append(answer)


def _resolver(answer: Callable[[bytes], bytes | None]) -> Apply:
    def apply(hooks: Hooks) -> None:
        async def reply(_: Question, healthy: dns.message.Message) -> bytes | None:
            return answer(healthy.to_wire())

        hooks.dns.answers.append(reply)

    return apply


def _looping_name(wire: bytes) -> bytes:
    """One answer whose owner is a pointer to itself (RFC 1035 §4.1.4)."""
    end = len(_asked(wire))
    pointer = (0xC000 | end).to_bytes(2, "big")
    return wire[:6] + b"\0\1\0\0\0\0" + wire[12:end] + pointer + b"\0\1\0\1"


def _endless_aliases(wire: bytes) -> bytes:
    """A chain of five thousand aliases, each the next one's name."""
    head = wire[:6] + b"\x13\x88\0\0\0\0" + wire[12 : len(_asked(wire))]
    alias = b"\xc0\x0c\0\5\0\1\0\0\0\5\0\2\xc0\x0c"
    return (head + alias * 4500)[:64000]


def _asked(wire: bytes) -> bytes:
    place = 12
    while wire[place]:
        place += wire[place] + 1
    return wire[: place + 5]


def _frame(head: bytes, body: bytes) -> bytes:
    return head + bytes([len(body)]) + body


_REST, _WEBSOCKET = EndpointKind.REST, EndpointKind.WEBSOCKET
_FIX = EndpointKind.FIX
_STALLED = frozenset({"http-stalled"})
_NO_HEAD = frozenset({"http-protocol-error", "http-stalled"})
_LARGE = frozenset({"http-body-too-large", "http-stalled", "http-truncated"})
_WS = frozenset({"ws-protocol-error", "ws-silent"})
_GARBLED = frozenset({"fix-garbled", "fix-silent"})
_TLS = frozenset({"tls-stalled", "tls-reset", "tls-plaintext", "tls-closed"})
_NONE: frozenset[str] = frozenset()  # odd, and not a fault
_DNS = frozenset({"dns-server-failure", "dns-resolver-silent"})

FLOODS: dict[str, Flood] = {
    "head-drips": Flood(_http(lambda: _drip(_OK, b"X: y\r\n")), _REST, _STALLED),
    "body-drips": Flood(
        _http(lambda: _drip(_OK + b"Content-Length: 99\r\n\r\n", b" ")), _REST, _STALLED
    ),
    "headers": Flood(
        _http(lambda: itertools.chain([_OK], _for_ever(b"X-A: y\r\n"))), _REST, _NO_HEAD
    ),
    "one-header": Flood(
        _http(lambda: itertools.chain([_OK + b"X: "], _for_ever(b"y"))),
        _REST,
        _NO_HEAD,
    ),
    "interim-answers": Flood(
        _http(lambda: _for_ever(b"HTTP/1.1 103 Early Hints\r\n\r\n")), _REST, _NO_HEAD
    ),
    "redirects": Flood(_redirects, _REST, frozenset({"http-redirected"})),
    "small-chunks": Flood(
        _http(lambda: itertools.chain([_CHUNKED], _for_ever(b"1\r\n \r\n"))),
        _REST,
        _LARGE,
    ),
    "chunk-head": Flood(
        _http(lambda: itertools.chain([_CHUNKED], _for_ever(b"0"))), _REST, _LARGE
    ),
    "trailers": Flood(
        _http(lambda: itertools.chain([_CHUNKED + b"0\r\n"], _for_ever(b"X: y\r\n"))),
        _REST,
        _LARGE,
    ),
    "ws-messages": Flood(
        _after_upgrade(lambda: _for_ever(_frame(b"\x81", _TICKER))), _WEBSOCKET, _WS
    ),
    "ws-pings": Flood(_after_upgrade(lambda: _for_ever(b"\x89\0")), _WEBSOCKET, _WS),
    "ws-empty-fragments": Flood(
        _after_upgrade(lambda: itertools.chain([b"\x01\0"], _for_ever(b"\0\0"))),
        _WEBSOCKET,
        _WS,
    ),
    "ws-fragments": Flood(
        _after_upgrade(
            lambda: itertools.chain([b"\x01\0"], _for_ever(_frame(b"\0", b" " * 99)))
        ),
        _WEBSOCKET,
        _WS,
    ),
    "ws-drips": Flood(
        _after_upgrade(lambda: _drip(b"\x81\x7e\xff\xff", b" ")), _WEBSOCKET, _WS
    ),
    "fix-stream": Flood(_fix(lambda: _for_ever(_HEARTBEAT)), _FIX, _GARBLED),
    "fix-drips": Flood(_fix(lambda: _drip(b"8=FIXT.1.1\x019=", b"9")), _FIX, _GARBLED),
    "fix-length": Flood(
        _fix(lambda: itertools.chain([_HEARTBEAT[:11]], _for_ever(b"x"))),
        _FIX,
        _GARBLED,
    ),
    "tls-empty-records": Flood(
        _hello(lambda: _for_ever(b"\x16\x03\x03\0\0")), _REST, _TLS
    ),
    "tls-hello-requests": Flood(
        _hello(lambda: _for_ever(b"\x16\x03\x03\0\4\0\0\0\0")), _REST, _TLS
    ),
    "tls-warnings": Flood(
        _hello(lambda: _for_ever(b"\x15\x03\x03\0\2\1\x70")), _REST, _TLS
    ),
    "tls-drips": Flood(
        _hello(lambda: _drip(b"\x16\x03\x03\x40\0\2\0\x3f\xfc", b"\3")), _REST, _TLS
    ),
    "tls-tickets": Flood(_tickets, _REST, _NONE),
    "dns-looping-name": Flood(_resolver(_looping_name), _REST, _DNS),
    "dns-aliases": Flood(_resolver(_endless_aliases), _REST, _DNS),
}


@contextmanager
def stray_resolver() -> Iterator[HostPort]:
    """A resolver that answers one question with packets for others, without end."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        over = threading.Event()
        thread = threading.Thread(target=_stray, args=(sock, over))
        thread.start()
        try:
            yield HostPort("127.0.0.1", sock.getsockname()[1])
        finally:
            over.set()
            sock.sendto(b"", sock.getsockname())  # wakes the thread up
            thread.join()


def _stray(sock: socket.socket, over: threading.Event) -> None:
    asked, peer = sock.recvfrom(512)
    stray = bytes([asked[0] ^ 1]) + asked[1:2] + b"\x81\x80" + asked[4:]
    while asked and not over.is_set():
        try:
            sock.sendto(stray, peer)
        except OSError:
            return


@contextmanager
def giant_resolver() -> Iterator[HostPort]:
    """A resolver that cuts every answer, and over TCP sends a giant one in drops."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        port = udp.getsockname()[1]
        with socket.create_server(("127.0.0.1", port)) as tcp:
            over = threading.Event()
            serving = (_cut, udp, over), (_drop, tcp, over)
            threads = [
                threading.Thread(target=serve, args=(sock, over))
                for serve, sock, over in serving
            ]
            for sock, thread in zip((udp, tcp), threads, strict=True):
                sock.settimeout(_DRIP_SECONDS)
                thread.start()
            yield HostPort("127.0.0.1", port)
            over.set()
            for thread in threads:
                thread.join()


def _cut(udp: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        try:
            asked, peer = udp.recvfrom(512)
        except TimeoutError:
            continue
        end = len(_asked(asked))
        udp.sendto(asked[:2] + b"\x83\x80\0\1\0\0\0\0\0\0" + asked[12:end], peer)


def _drop(tcp: socket.socket, over: threading.Event) -> None:
    connections: list[socket.socket] = []
    while not over.is_set():
        try:
            connections.append(tcp.accept()[0])
            connections[-1].sendall(b"\xff\xff")
        except TimeoutError:
            pass
        for connection in connections:
            try:
                connection.sendall(b"\0")
            except OSError:
                connection.close()
        connections = [each for each in connections if each.fileno() >= 0]
    for connection in connections:
        connection.close()
