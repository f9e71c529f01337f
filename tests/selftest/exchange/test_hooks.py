"""The places where faults act: each hook is felt on the wire, on its own layer."""

import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import pytest

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import Question
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.wire import Stream
from tests.selftest.exchange.client import Client
from tests.selftest.exchange.test_fix import Initiator

pytestmark = pytest.mark.selftest

SHORT_SECONDS = 0.3


def with_hooks(directory: Path, install: Callable[[Hooks], None]) -> Exchange:
    """Make an exchange and install behaviour, as a fault does."""
    exchange = Exchange(directory)
    install(exchange.hooks)
    return exchange


def test_dns_may_answer_anything(tmp_path: Path) -> None:
    """A reply may be changed, be raw bytes, or depend on the transport."""

    async def answer(
        question: Question, reply: dns.message.Message
    ) -> dns.message.Message | bytes:
        if question.name == "garbage.test":
            return b"\x00\x00noise"
        if question.transport == "udp":
            reply.flags |= dns.flags.TC
            reply.answer.clear()
        return reply

    with with_hooks(tmp_path, lambda hooks: hooks.dns.answers.append(answer)) as made:
        client = Client(made.state, SHORT_SECONDS)
        assert client.resolve("localhost").flags & dns.flags.TC
        assert client.resolve("localhost", tcp=True).answer
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(5)
            query = dns.message.make_query("garbage.test", "A").to_wire()
            sock.sendto(query, (made.state.host, made.state.dns_port))
            assert sock.recv(100) == b"\x00\x00noise"


def test_client_certificate_may_be_wanted(tmp_path: Path) -> None:
    """A TLS context can be adjusted: here the peer must show a certificate."""

    def demand(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED

    exchange = with_hooks(tmp_path, lambda hooks: hooks.web.contexts.append(demand))
    with exchange, pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
        Client(exchange.state).request("/exchange/status")


def test_server_name_may_be_refused(tmp_path: Path) -> None:
    """A context may answer a name with the alert unrecognized_name."""

    def refuse_names(context: ssl.SSLContext) -> None:
        alert = ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        context.sni_callback = lambda *_: alert

    exchange = with_hooks(
        tmp_path, lambda hooks: hooks.web.contexts.append(refuse_names)
    )
    with (
        exchange,
        pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"),
        Client(exchange.state).tls(),
    ):
        pass


def test_old_version_may_be_all_there_is(tmp_path: Path) -> None:
    """A server that speaks TLS 1.1 at most shares no version with us."""

    def grow_old(context: ssl.SSLContext) -> None:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    exchange = with_hooks(tmp_path, lambda hooks: hooks.web.contexts.append(grow_old))
    with (
        pytest.warns(DeprecationWarning, match="TLSv1_1"),
        exchange,
        pytest.raises(ssl.SSLError),
        Client(exchange.state).tls(),
    ):
        pass


def test_secured_stream_may_be_taken_over(tmp_path: Path) -> None:
    """After the handshake a hook may speak any protocol, or end the connection."""

    async def speak(stream: Stream) -> bool:
        await stream.send(b"SSH-2.0-other\r\n")
        return True

    exchange = with_hooks(tmp_path, lambda hooks: hooks.web.secured.append(speak))
    with exchange, Client(exchange.state).tls() as secured:
        assert secured.recv(100) == b"SSH-2.0-other\r\n"


def test_record_may_be_broken_below_tls(tmp_path: Path) -> None:
    """Raw bytes below TLS reach the client as a damaged record."""

    async def damage(stream: Stream) -> bool:
        await stream.send_raw(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)
        return False

    exchange = with_hooks(tmp_path, lambda hooks: hooks.web.secured.append(damage))
    with (
        exchange,
        Client(exchange.state).tls() as secured,
        pytest.raises(ssl.SSLError, match=r"(?i)bad.record.mac"),
    ):
        secured.recv(100)


def test_answer_may_be_cut_on_the_wire(tmp_path: Path) -> None:
    """The bytes of an answer may be sent in part, and the connection ended."""

    async def cut(stream: Stream, _: Request, __: Response, wire: bytes) -> bool:
        await stream.send(wire[:-20])
        await stream.close()
        return True

    exchange = with_hooks(tmp_path, lambda hooks: hooks.http.sends.append(cut))
    with exchange, Client(exchange.state).tls() as secured:
        path = "/trade-api/v2/exchange/status"
        secured.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        received = b""
        while chunk := secured.recv(65536):
            received += chunk
        recorded = exchange.ledger.rest_requests[0]
    head, _, body = received.partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert len(body) == announced - 20
    assert recorded.path == path


def test_headers_may_be_dropped_on_the_way(tmp_path: Path) -> None:
    """A request hook removes a header before the exchange looks at it."""

    def drop(request: Request) -> Request:
        return request.without("kalshi-access-signature")

    exchange = with_hooks(tmp_path, lambda hooks: hooks.http.requests.append(drop))
    with exchange:
        answer = Client(exchange.state).signed("/portfolio/balance")
    assert b"signature_is_missing_from_headers" in answer.body


def test_accept_header_may_be_wrong(tmp_path: Path) -> None:
    """The answer to an upgrade can be changed like any other."""

    async def spoil(request: Request, response: Response) -> Response:
        return response.with_header("Sec-WebSocket-Accept", "wrong")

    exchange = with_hooks(tmp_path, lambda hooks: hooks.http.answers.append(spoil))
    with (
        exchange,
        pytest.raises(Exception, match="Sec-WebSocket-Accept"),
        Client(exchange.state).websocket(),
    ):
        pass


def test_frames_may_be_changed_swallowed_or_raw(tmp_path: Path) -> None:
    """A frame hook may rewrite a frame, swallow it, or put raw bytes on the wire."""

    def change(frame: dict[str, object]) -> dict[str, object] | bytes | None:
        if frame["type"] == "subscribed":
            return {**frame, "changed": True}
        return b"\x81\x02\xff\xfe" if frame["type"] == "ok" else None

    exchange = with_hooks(tmp_path, lambda hooks: hooks.websocket.frames.append(change))
    with exchange, Client(exchange.state).websocket(compression=None) as websocket:
        websocket.send('{"id":1,"cmd":"subscribe","params":{"channels":["ticker"]}}')
        assert json.loads(websocket.recv(5))["changed"] is True
        websocket.send('{"id":2,"cmd":"list_subscriptions"}')
        with pytest.raises(Exception, match="1007"):
            websocket.recv(5)


def test_pongs_may_stay_out(tmp_path: Path) -> None:
    """With pongs switched off a ping is not answered, and commands still are."""

    def mute(hooks: Hooks) -> None:
        hooks.websocket.sends_pongs = False

    with with_hooks(tmp_path, mute) as exchange:
        client = Client(exchange.state)
        with client.websocket(ping_interval=None) as websocket:
            pong = websocket.ping()
            websocket.send('{"id":1,"cmd":"list_subscriptions"}')
            assert json.loads(websocket.recv(5))["id"] == 1
            assert not pong.wait(SHORT_SECONDS)


def test_commands_may_be_swallowed(tmp_path: Path) -> None:
    """A command hook keeps a command from being answered; it is still recorded."""
    exchange = with_hooks(
        tmp_path, lambda hooks: hooks.websocket.commands.append(lambda text: True)
    )
    with exchange, Client(exchange.state).websocket() as websocket:
        websocket.send('{"id":1,"cmd":"list_subscriptions"}')
        with pytest.raises(TimeoutError):
            websocket.recv(SHORT_SECONDS)
        assert len(exchange.ledger.commands) == 1


@pytest.mark.parametrize("replies", [[], None, [b"8=FIXT.1.1\x01garbage"]])
def test_fix_may_answer_anything(tmp_path: Path, replies: list[bytes] | None) -> None:
    """A logon may be met with silence, a closed connection, or garbage."""

    async def answer(_: Stream, __: str, ___: list[bytes]) -> list[bytes] | None:
        return replies

    exchange = with_hooks(tmp_path, lambda hooks: hooks.fix.answers.append(answer))
    with exchange:
        fix = Initiator(exchange)
        fix.sock.settimeout(SHORT_SECONDS if replies == [] else 5)
        with fix.sock:
            fix.log_on()
            if replies == []:
                with pytest.raises(TimeoutError):
                    fix.sock.recv(100)
            else:
                assert fix.sock.recv(100) == b"".join(replies or [])


def test_control_may_be_spoiled_too(tmp_path: Path) -> None:
    """The controls have hooks of their own."""

    async def deny(_: Question, reply: dns.message.Message) -> dns.message.Message:
        reply.set_rcode(dns.rcode.SERVFAIL)
        return reply

    exchange = with_hooks(
        tmp_path, lambda hooks: hooks.control_dns.answers.append(deny)
    )
    with exchange:
        port = int(exchange.state.controls.resolvers[0].rpartition(":")[2])
        client = Client(exchange.state)
        assert client.resolve("localhost", port=port).rcode() == dns.rcode.SERVFAIL
        assert client.resolve("localhost").rcode() == dns.rcode.NOERROR


def test_defect_of_a_hook_is_not_lost(tmp_path: Path) -> None:
    """A hook that raises ends its connection; the exchange goes on, and stop tells."""

    async def fail(request: Request, response: Response) -> Response:
        raise KeyError(request.path)

    exchange = with_hooks(tmp_path, lambda hooks: hooks.http.answers.append(fail))
    exchange.start()
    client = Client(exchange.state)
    for _ in range(2):
        with pytest.raises(OSError, match="without response"):
            client.request("/exchange/status")
    with pytest.raises(RuntimeError, match="failed inside"):
        exchange.stop()


def test_control_answers_http_by_hooks_of_its_own(tmp_path: Path) -> None:
    """The control's own HTTP hooks act on the control alone."""

    async def teapot(_: Request, __: Response) -> Response:
        return Response(418)

    exchange = with_hooks(
        tmp_path, lambda hooks: hooks.control_http.answers.append(teapot)
    )
    with exchange:
        port = int(exchange.state.controls.hosts[0].rpartition(":")[2])
        control = Client(replace(exchange.state, port=port))
        assert control.request("/").status == 418
        assert Client(exchange.state).request("/exchange/status").status == 200
