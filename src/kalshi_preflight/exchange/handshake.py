"""The WebSocket handshake: the order of checks of Go's gorilla/websocket."""

import base64
import binascii
import logging
from http import HTTPStatus

from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request as HandshakeRequest
from websockets.server import ServerProtocol

from kalshi_preflight.exchange.message import Request, Response, as_text

MAX_MESSAGE_BYTES = 1 << 20
#: websockets logs every header of a handshake, key id and signature among them.
_SILENT = logging.getLogger("kalshi_preflight.exchange.silent")
_SILENT.disabled = True


def refusal(request: Request, *, refuses_origin: bool) -> Response | None:
    """Return what gorilla answers to the first check that fails; None if all pass.

    Connection, Upgrade, method, version, Origin, key: in that order.
    """
    version = request.tokens("sec-websocket-version")
    # Gorilla compares Origin with the Host it sees; behind a CDN that is never the
    # name the client asked for: every Origin is refused, and only its absence passes.
    origin_passes = not refuses_origin or request.header("Origin") is None
    checks = (
        ("upgrade" in request.tokens("connection"), 400),
        ("websocket" in request.tokens("upgrade"), 426),
        (request.method == "GET", 405),
        ("13" in version, 400),
        (origin_passes, 403),
        (_is_key(request.header("Sec-WebSocket-Key") or ""), 400),
    )
    status = next((status for passed, status in checks if not passed), None)
    return None if status is None else _refused(status)


def accept(request: Request) -> tuple[ServerProtocol, Response]:
    """Begin a connection in the library's sans-I/O protocol, and its answer.

    Compression is agreed to as gorilla does it: without context takeover, both ways.
    The answer is 101, or what the library says of a header that gorilla ignores.
    """
    deflate = ServerPerMessageDeflateFactory(
        server_no_context_takeover=True, client_no_context_takeover=True
    )
    protocol = ServerProtocol(
        extensions=[deflate], max_size=MAX_MESSAGE_BYTES, logger=_SILENT
    )
    protocol.receive_data(
        HandshakeRequest(request.target, Headers(request.headers)).serialize()
    )
    protocol.events_received()
    answer = protocol.accept(HandshakeRequest(request.target, Headers(request.headers)))
    protocol.send_response(answer)
    protocol.data_to_send()
    headers = tuple(
        (name, value) for name, value in answer.headers.raw_items() if name != "Date"
    )
    return protocol, Response(answer.status_code, bytes(answer.body or b""), headers)


def _refused(status: int) -> Response:
    answer = as_text(f"{HTTPStatus(status).phrase}\n", status)
    if status == 426:
        answer = answer.with_header("Upgrade", "websocket")
    return answer.with_header("Sec-Websocket-Version", "13")


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
